"""How two processes share the tests (`-n 2 --dist loadscope --no-loadscope-reorder`): a file's tests stay together, as they share
its servers, but for those that stand alone; and long files come first, so that no process waits long for the other."""

import os

from xdist.scheduler import LoadScopeScheduling

ALONE = ("/backend/", "/deploy/scripts_test.py", "/docs/docs_test.py", "/zoo/")
LONG = ("/samples/", "/deploy/scripts_test.py", "/docs/docs_test.py", "/e2e/attacks_test.py", "/e2e/lifecycle_test.py",
        "/e2e/openapi_test.py")


class FilesTogether(LoadScopeScheduling):
    def _split_scope(self, nodeid):
        return nodeid if any(place in f"/{nodeid}" for place in ALONE) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config, log):
    # Not xdist_group: pytest 9.2 does not see the group that pytest-xdist 3.8 appends to a test's name.
    return FilesTogether(config, log)


def pytest_collection_modifyitems(items):
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: next((i for i, long in enumerate(LONG) if long in f"/{item.nodeid}"), len(LONG)))
