#pragma once

#include <cstddef>
#include <vector>

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// Where a block lies in a matrix.
struct BlockPlace {
  std::size_t first_row;
  std::size_t first_column;
  std::size_t rows;
  std::size_t columns;
};

/// A copy of a block of x, recorded.
template <class T>
Variable<T> cut_block(const Variable<T>& x, const BlockPlace& place);

/// A [rows, columns] matrix made of blocks that cover it without overlapping,
/// recorded. blocks[i] goes to places[i].
template <class T>
Variable<T> join_blocks(const std::vector<Variable<T>>& blocks,
                        const std::vector<BlockPlace>& places,
                        std::size_t rows,
                        std::size_t columns);

}  // namespace distilbert
