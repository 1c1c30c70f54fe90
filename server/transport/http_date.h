#ifndef LAMINA_SERVER_TRANSPORT_HTTP_DATE_H_
#define LAMINA_SERVER_TRANSPORT_HTTP_DATE_H_

#include <string_view>

namespace lamina::server {

/// Now, as the value of `date`: "Wed, 25 Nov 2026 13:36:42 GMT". Written once a second and thread; valid until the
/// thread asks again.
std::string_view HttpDate();

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_HTTP_DATE_H_
