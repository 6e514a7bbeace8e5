// A program of somebody else: loads a model, and prints its logits for a text.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <vector>

#include "ch02_tokenizer/tokenizer.hpp"
#include "ch07_distilbert/load_model.hpp"

int main(int argument_count, char** arguments) {
  if (argument_count != 3) {
    std::fprintf(stderr, "usage: consumer VOCABULARY_FOLDER MODEL\n");
    return 2;
  }
  try {
    const auto tokenizer = distilbert::Tokenizer::from_folder(arguments[1]);
    const auto loaded =
        distilbert::load_model<float>(distilbert::find_model(arguments[2]));
    const std::vector encodings = {
        tokenizer.encode("A small film, a big one.")};
    const auto output = loaded.model->forward(distilbert::pack(encodings));
    for (const std::int32_t id : encodings[0].ids) {
      std::printf("%d ", id);
    }
    for (const float logit : distilbert::values(output.logits->value())) {
      std::printf(" %.3f", static_cast<double>(logit));
    }
    std::printf("\n");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
