// What each step of chapter 11 brings: the same forward passes, from plain
// operations to bytes. Answers one line of JSON: for each step the median
// seconds for SST-2's dev set in batches of 32 and for one text alone.
//   bench_steps MODEL GLUE ROUNDS [STEP...]

#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench_texts.hpp"
#include "ch06_bert/batch_parts.hpp"
#include "ch10_glue/compute_logits.hpp"
#include "ch10_glue/task_model.hpp"
#include "ch11_speed/fast_pieces.hpp"
#include "stopwatch.hpp"

namespace {

using namespace distilbert;
using Texts = std::span<const Encoding>;
using Forward = std::function<void(const Model<float>&, Texts)>;

constexpr std::size_t kBatch = 32;
constexpr std::size_t kAlone = 200;

// One forward pass for a whole batch; the threads meet in every operation.
void together(const Model<float>& model, Texts texts) {
  for (std::size_t first = 0; first < texts.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, texts.size() - first);
    (void)model.forward(pack(texts.subspan(first, count)));
  }
}

// The same with every text as long as the longest of its batch.
void padded(const Model<float>& model, Texts texts) {
  std::vector<Encoding> longer(texts.begin(), texts.end());
  for (std::size_t first = 0; first < longer.size(); first += kBatch) {
    const auto batch = std::span(longer).subspan(
        first, std::min(kBatch, longer.size() - first));
    const std::size_t longest =
        std::ranges::max(batch, {}, &Encoding::size).size();
    for (Encoding& text : batch) {
      text.ids.resize(longest, 0);
      text.type_ids.resize(longest, 0);
    }
  }
  together(model, longer);
}

// Each thread has its own texts.
void in_parts(const Model<float>& model, Texts texts) {
  for (std::size_t first = 0; first < texts.size(); first += kBatch) {
    const Texts batch =
        texts.subspan(first, std::min(kBatch, texts.size() - first));
    for_each_part(batch, [&](const BatchPart& part) {
      (void)model.forward(pack(batch, part));
    });
  }
}

// The same without what no head reads.
void what_is_read(const Model<float>& model, Texts texts) {
  compute_logits(model, texts, kBatch);
}

struct Step {
  std::string name;
  std::function<void(Model<float>&)> prepare;
  Forward forward;
};

void use_packed_products(Model<float>& model) {
  use_fast_pieces(model, Precision::kFloat32);
  model.pieces().attention = fused_pieces<float>().attention;
}

std::vector<Step> steps() {
  const auto plain = [](Model<float>& model) {
    model.pieces() = plain_pieces<float>();
  };
  const auto fused = [](Model<float>&) {};
  const auto fast = [](Model<float>& model) {
    use_fast_pieces(model, Precision::kFloat32);
  };
  return {
      {"padded", plain, padded},
      {"plain", plain, together},
      {"fused", fused, together},
      {"parts", fused, in_parts},
      {"packed", use_packed_products, in_parts},
      {"blocked", fast, in_parts},
      {"read", fast, what_is_read},
      {"int8",
       [](Model<float>& model) { use_fast_pieces(model, Precision::kInt8); },
       what_is_read}};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

struct Measured {
  Step step;
  std::unique_ptr<Model<float>> model;
  std::vector<double> batches;
  std::vector<double> alone;
};

void measure(Measured& of, Texts texts) {
  of.batches.push_back(seconds_of([&] { of.step.forward(*of.model, texts); }));
  of.alone.push_back(seconds_of([&] {
                       for (std::size_t i = 0; i < kAlone; ++i) {
                         of.step.forward(*of.model, texts.subspan(i, 1));
                       }
                     }) /
                     static_cast<double>(kAlone));
}

}  // namespace

int main(int argument_count, char** arguments) {
  const std::vector<std::string> words(arguments + 1,
                                       arguments + argument_count);
  if (words.size() < 3) {
    std::cerr << "usage: bench_steps MODEL GLUE ROUNDS [STEP...]\n";
    return 2;
  }
  try {
    BenchTexts texts(words[0], words[1]);
    const Texts dev = texts.first("sst2", Split::kDev, 872);
    std::vector<Measured> all;
    for (Step& step : steps()) {
      if (words.size() > 3 &&
          std::find(words.begin() + 3, words.end(), step.name) == words.end()) {
        continue;
      }
      auto model = load_task_model(find_task("sst2"), ModelFolder(words[0]),
                                   MissingHead::kInitialize, 1)
                       .model;
      step.prepare(*model);
      all.push_back({step, std::move(model), {}, {}});
    }
    for (std::size_t round = 0; round < std::stoul(words[2]); ++round) {
      for (Measured& each : all) {
        measure(each, dev);
      }
    }
    nlohmann::ordered_json answer;
    for (const Measured& each : all) {
      const double seconds = median(each.batches);
      answer[each.step.name] = {
          {"dev_set_s", seconds},
          {"per_second", static_cast<double>(dev.size()) / seconds},
          {"alone_s", median(each.alone)}};
    }
    std::cout << answer.dump() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "bench_steps: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
