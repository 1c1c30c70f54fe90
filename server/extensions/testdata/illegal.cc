// A native extension that uses an instruction which no CPU has, as one built for a newer CPU does.
namespace {
const bool started = (__builtin_trap(), true);
}

extern "C" __attribute__((visibility("default"))) void create_extensions(void*) { (void)started; }
