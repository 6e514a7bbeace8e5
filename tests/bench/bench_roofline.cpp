// The roof over this machine, and two products under it. Answers one line of
// JSON: what all threads compute when every number is in a register; what they
// read when the numbers are the weights of MiniLM's encoder; and for some
// numbers of tokens the rate of a whole encoder's products, each weight once
// after another, by packed_linear and by OpenBLAS (linear of chapter 4).
//   bench_roofline ROUNDS

#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ch04_layers/linear.hpp"
#include "ch11_speed/packed_linear.hpp"
#include "ch11_speed/tile_product.hpp"
#include "common/error.hpp"
#include "common/threads.hpp"
#include "stopwatch.hpp"

namespace {

using namespace distilbert;

constexpr std::size_t kHidden = 384;
constexpr std::size_t kWide = 1536;
constexpr std::size_t kLayers = 6;
constexpr double kLeastSeconds = 0.1;

struct Layer {
  Matrix<float> weight;  // [out, in]
  Matrix<float> bias;
  PackedWeight packed;
};

Matrix<float> filled(std::size_t rows, std::size_t columns, float value) {
  return Matrix<float>(Matrix<float>::shape_type{rows, columns}, value);
}

std::vector<Layer> encoder() {
  std::vector<Layer> layers;
  const auto add = [&](std::size_t in, std::size_t out) {
    Matrix<float> weight = filled(out, in, 0.01F);
    PackedWeight packed(weight);
    layers.push_back(
        {std::move(weight), filled(1, out, 0.0F), std::move(packed)});
  };
  for (std::size_t layer = 0; layer < kLayers; ++layer) {
    for (int square = 0; square < 4; ++square) {
      add(kHidden, kHidden);
    }
    add(kHidden, kWide);
    add(kWide, kHidden);
  }
  return layers;
}

// Seconds of one call, repeated until there is something to measure.
double seconds_of_one(const std::function<void()>& work) {
  std::size_t calls = 0;
  double seconds = 0;
  while (seconds < kLeastSeconds) {
    seconds += seconds_of(work);
    ++calls;
  }
  return seconds / static_cast<double>(calls);
}

double median_of(std::size_t rounds, const std::function<double()>& measure) {
  std::vector<double> values;
  for (std::size_t round = 0; round < rounds; ++round) {
    values.push_back(measure());
  }
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// As many sums as hide the time that a multiplication takes, all different: equal
// ones would be computed once.
constexpr std::size_t kSums = 14;

float multiply_in_registers(std::size_t steps, float start) {
  Lanes sums[kSums];
  for (std::size_t i = 0; i < kSums; ++i) {
    sums[i] = Lanes(start + static_cast<float>(i));
  }
  const Lanes factor(0.999F);
  const Lanes term(0.001F);
  for (std::size_t step = 0; step < steps; ++step) {
#pragma GCC unroll 14
    for (Lanes& sum : sums) {
      sum = xsimd::fma(sum, factor, term);
    }
  }
  float total = 0;
  for (const Lanes& sum : sums) {
    total += sum.get(0);
  }
  return total;
}

double peak_flops() {
  constexpr std::size_t kSteps = 2'000'000;
  // Each call goes on from the last one's, or it needn't be made.
  std::vector<float> results(thread_count(), 1.0F);
  const double seconds = seconds_of_one([&] {
    parallel_for(results.size(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t thread = begin; thread < end; ++thread) {
        results[thread] = multiply_in_registers(kSteps, results[thread]);
      }
    });
  });
  require(std::isfinite(results.front()), "sums that grow");
  return static_cast<double>(results.size() * kSteps * kSums * 2 *
                             Lanes::size) /
         seconds;
}

// The sum of a panel, so that every number of it must come.
float read_panel(const float* panel, std::size_t size) {
  Lanes sums[4] = {Lanes(0.0F), Lanes(0.0F), Lanes(0.0F), Lanes(0.0F)};
  for (std::size_t i = 0; i < size; i += 4 * Lanes::size) {
    for (std::size_t j = 0; j < 4; ++j) {
      sums[j] += Lanes::load_aligned(panel + i + j * Lanes::size);
    }
  }
  return xsimd::hadd(sums[0] + sums[1] + sums[2] + sums[3]);
}

double read_bytes_per_second(const std::vector<Layer>& layers) {
  std::vector<std::pair<const float*, std::size_t>> panels;
  std::size_t numbers = 0;
  for (const Layer& layer : layers) {
    const std::size_t size = layer.packed.in() * kTileColumns;
    for (std::size_t i = 0; i < layer.packed.panels(); ++i) {
      panels.emplace_back(layer.packed.panel(i), size);
      numbers += size;
    }
  }
  std::vector<float> sums(panels.size());
  const double seconds = seconds_of_one([&] {
    parallel_for(panels.size(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        sums[i] = read_panel(panels[i].first, panels[i].second);
      }
    });
  });
  return static_cast<double>(numbers * sizeof(float)) / seconds;
}

struct Rates {
  double packed;
  double openblas;
};

Rates product_flops(const std::vector<Layer>& layers, std::size_t tokens) {
  const Matrix<float> narrow = filled(tokens, kHidden, 0.5F);
  const Matrix<float> wide = filled(tokens, kWide, 0.5F);
  double operations = 0;
  for (const Layer& layer : layers) {
    operations += 2.0 * static_cast<double>(tokens * layer.weight.size());
  }
  const auto rate = [&](const auto& multiply) {
    return operations / seconds_of_one([&] {
             for (const Layer& layer : layers) {
               multiply(layer.packed.in() == kWide ? wide : narrow, layer);
             }
           });
  };
  return {rate([](const Matrix<float>& x, const Layer& layer) {
            (void)packed_linear(x, layer.packed, layer.bias);
          }),
          rate([](const Matrix<float>& x, const Layer& layer) {
            (void)linear(x, layer.weight, layer.bias);
          })};
}

nlohmann::ordered_json measure(std::size_t rounds) {
  const std::vector<Layer> layers = encoder();
  nlohmann::ordered_json answer;
  answer["peak_flops"] = median_of(rounds, peak_flops);
  answer["read_bytes_per_second"] =
      median_of(rounds, [&] { return read_bytes_per_second(layers); });
  for (std::size_t tokens = 1; tokens <= 1024; tokens *= 2) {
    std::vector<double> openblas;
    const double packed = median_of(rounds, [&] {
      const Rates rates = product_flops(layers, tokens);
      openblas.push_back(rates.openblas);
      return rates.packed;
    });
    std::ranges::sort(openblas);
    answer["tokens_" + std::to_string(tokens)] = {
        {"packed_flops", packed},
        {"openblas_flops", openblas[openblas.size() / 2]}};
  }
  return answer;
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::cerr << "usage: bench_roofline ROUNDS\n";
    return 2;
  }
  try {
    std::cout << measure(std::stoul(arguments[1])).dump() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "bench_roofline: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
