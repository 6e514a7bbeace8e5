#include "common/share_out.hpp"

#include <algorithm>

namespace distilbert {

std::pair<std::size_t, std::size_t> share_out(std::size_t count,
                                              std::size_t shares,
                                              std::size_t index) {
  const std::size_t each = count / shares;
  const std::size_t longer = count % shares;
  const std::size_t begin = index * each + std::min(index, longer);
  return {begin, begin + each + (index < longer ? 1 : 0)};
}

}  // namespace distilbert
