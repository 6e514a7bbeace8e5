#include "bench_texts.hpp"

#include <algorithm>

#include "ch10_glue/encode_examples.hpp"

namespace distilbert {
namespace {

constexpr std::size_t kMaxLength = 128;
constexpr std::size_t kTrainRows = 2048;

}  // namespace

const TaskTrainingData& BenchTexts::get(const std::string& task, Split split) {
  TaskTrainingData& data = texts_[{task, split}];
  if (data.examples.empty()) {
    const Task& found = find_task(task);
    data.examples =
        read_examples(found, split_files(found, glue_, split).front(), split)
            .examples;
    if (split == Split::kTrain && data.examples.size() > kTrainRows) {
      data.examples.resize(kTrainRows);
      data.examples.shrink_to_fit();
    }
    data.encodings = encode_examples(tokenizer_, data.examples, kMaxLength);
  }
  return data;
}

std::span<const Encoding> BenchTexts::first(const std::string& task,
                                            Split split,
                                            std::size_t rows) {
  const std::span<const Encoding> all = get(task, split).encodings;
  return all.first(std::min(rows, all.size()));
}

}  // namespace distilbert
