#include "ch10_glue/spearman.hpp"

#include <span>

#include "ch10_glue/average_ranks.hpp"
#include "ch10_glue/pearson.hpp"

namespace distilbert {

double spearman(std::span<const double> x, std::span<const double> y) {
  return pearson(average_ranks(x), average_ranks(y));
}

}  // namespace distilbert
