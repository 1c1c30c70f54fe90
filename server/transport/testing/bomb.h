#ifndef LAMINA_SERVER_TRANSPORT_TESTING_BOMB_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_BOMB_H_

#include <string>

namespace lamina::server {

/// So many megabytes of zeros, a kilobyte of gzip for each. It is cut off behind them.
std::string Bomb(int megabytes);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_BOMB_H_
