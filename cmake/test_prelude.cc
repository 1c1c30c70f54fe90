// Nothing of its own: the target that makes the precompiled header of all tests takes a source.
