// data/mini-glue stands in for GLUE where there is none. These tests hold it to
// what it promises: the official formats, balanced labels, and nothing in dev
// that a model could have learnt by heart in train.

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"
#include "glue_test.hpp"

using distilbert::Dataset;
using distilbert::Example;
using distilbert::find_task;
using distilbert::read_examples;
using distilbert::Split;
using distilbert::split_files;
using distilbert::Task;

namespace {

using Words = std::vector<std::string>;

// AX has no labels, and so no small twin.
constexpr const char* kTasks[] = {"cola", "sst2", "mrpc", "stsb", "qqp",
                                  "mnli", "qnli", "rte",  "wnli"};

// Of the five-word sequences of a dev sentence, at most this share may occur in
// one train sentence. A sentence of eight words has four, so none may be there.
constexpr double kMostFiveGrams = 0.2;

// A template whose slots are filled anew keeps its other words in order. Two
// sentences may have this share of the longer one's words in common, in order;
// everyday grammar ("people are ... in a ...") reaches a half in short captions.
constexpr double kMostWordsInOrder = 0.6;

// The files of a split: one, but for MNLI's dev sets.
std::vector<Dataset> read(const Task& task, Split split) {
  const auto folder = glue_test::source_folder() / "data/mini-glue";
  std::vector<Dataset> files;
  for (const auto& file : split_files(task, folder, split)) {
    files.push_back(read_examples(task, file, split));
  }
  return files;
}

std::vector<std::string> texts_of(const std::vector<Dataset>& files) {
  std::vector<std::string> texts;
  for (const Dataset& data : files) {
    for (const Example& example : data.examples) {
      texts.push_back(example.text);
      if (example.second) {
        texts.push_back(*example.second);
      }
    }
  }
  return texts;
}

// Lower-cased runs of letters and digits; bytes past ASCII count as letters.
Words words_of(std::string_view text) {
  Words words(1);
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
        (static_cast<unsigned char>(c) & 0x80U) != 0) {
      words.back() += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) {
    words.pop_back();
  }
  return words;
}

std::vector<Words> words_of(const std::vector<std::string>& texts) {
  std::vector<Words> all;
  for (const std::string& text : texts) {
    all.push_back(words_of(text));
  }
  return all;
}

// The sentence as letters alone.
std::string letters_of(const Words& words) {
  std::string letters;
  for (const std::string& word : words) {
    for (const char c : word) {
      letters += c >= '0' && c <= '9' ? "" : std::string(1, c);
    }
  }
  return letters;
}

std::set<Words> five_grams(const Words& words) {
  std::set<Words> grams;
  for (std::size_t i = 0; i + 5 <= words.size(); ++i) {
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(i);
    grams.insert(Words(first, first + 5));
  }
  return grams;
}

// The share of `grams` that `others` has too.
double shared(const std::set<Words>& grams, const std::set<Words>& others) {
  const auto count =
      std::count_if(grams.begin(), grams.end(),
                    [&](const Words& gram) { return others.count(gram) != 0; });
  return grams.empty()
             ? 0.0
             : static_cast<double>(count) / static_cast<double>(grams.size());
}

// Length of the longest common subsequence of words over the longer sentence's.
double words_in_order(const Words& a, const Words& b) {
  std::vector<std::size_t> best(b.size() + 1, 0);
  for (const std::string& word : a) {
    std::size_t diagonal = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = best[j + 1];
      best[j + 1] = word == b[j] ? diagonal + 1 : std::max(above, best[j]);
      diagonal = above;
    }
  }
  return static_cast<double>(best.back()) /
         static_cast<double>(std::max({a.size(), b.size(), std::size_t{1}}));
}

// The share of rows of a class or, for scores, of a half of the scale.
double share_of(const Task& task, const Dataset& data, int label) {
  const auto count = std::count_if(
      data.examples.begin(), data.examples.end(), [&](const Example& example) {
        return (task.regression ? static_cast<int>(example.score < 2.5F)
                                : example.label) == label;
      });
  return static_cast<double>(count) / static_cast<double>(data.examples.size());
}

// The larger class may have a tenth more of the rows than its share; CoLA's, as
// in GLUE, somewhat more.
double largest_share(const Task& task) {
  if (task.name == "cola") {
    return 0.65;
  }
  return task.regression ? 0.6
                         : 1.0 / static_cast<double>(task.outputs()) + 0.1;
}

}  // namespace

TEST_CASE("mini-glue has some 300 train and 100 dev rows a task, none bad") {
  for (const char* name : kTasks) {
    const Dataset train = read(find_task(name), Split::kTrain).front();
    INFO(name);
    CHECK(train.examples.size() >= 280);
    CHECK(train.examples.size() <= 400);
    CHECK(train.skipped == 0);
    for (const Dataset& dev : read(find_task(name), Split::kDev)) {
      CHECK(dev.examples.size() >= 90);
      CHECK(dev.examples.size() <= 150);
    }
  }
}

TEST_CASE("mini-glue's labels are balanced") {
  for (const char* name : kTasks) {
    const Task& task = find_task(name);
    const int classes = std::max(static_cast<int>(task.outputs()), 2);
    for (const Split split : {Split::kTrain, Split::kDev}) {
      for (const Dataset& data : read(task, split)) {
        for (int label = 0; label < classes; ++label) {
          INFO(name << ", class " << label);
          CHECK(share_of(task, data, label) <= largest_share(task));
        }
      }
    }
  }
}

TEST_CASE("no sentence of mini-glue is in train and in dev") {
  for (const char* name : kTasks) {
    std::set<std::string> train;
    for (const auto& text : texts_of(read(find_task(name), Split::kTrain))) {
      train.insert(letters_of(words_of(text)));
    }
    for (const auto& text : texts_of(read(find_task(name), Split::kDev))) {
      INFO(name << ": " << text);
      CHECK(train.count(letters_of(words_of(text))) == 0);
    }
  }
}

TEST_CASE("no dev sentence of mini-glue repeats a train sentence's template") {
  for (const char* name : kTasks) {
    const auto train = words_of(texts_of(read(find_task(name), Split::kTrain)));
    std::vector<std::set<Words>> train_grams;
    for (const Words& sentence : train) {
      train_grams.push_back(five_grams(sentence));
    }
    for (const auto& text : texts_of(read(find_task(name), Split::kDev))) {
      const Words words = words_of(text);
      const std::set<Words> grams = five_grams(words);
      double most_shared = 0.0;
      double most_in_order = 0.0;
      for (std::size_t i = 0; i < train.size(); ++i) {
        most_shared = std::max(most_shared, shared(grams, train_grams[i]));
        most_in_order =
            std::max(most_in_order, words_in_order(words, train[i]));
      }
      INFO(name << ": " << text);
      CHECK(most_shared <= kMostFiveGrams);
      CHECK(most_in_order <= kMostWordsInOrder);
    }
  }
}

TEST_CASE("the measures of likeness see a refilled template") {
  const Words a =
      words_of("The soup was a disgrace, and Anna will never return");
  const Words b =
      words_of("the film was a triumph; and Tom will never return!");
  CHECK(words_in_order(a, b) == Approx(0.7));
  const Words c = words_of("Then the soup was a disgrace to us all");
  CHECK(shared(five_grams(a), five_grams(c)) == Approx(1.0 / 6));
  CHECK(letters_of(a) ==
        letters_of(words_of("THE SOUP WAS A DISGRACE AND ANNA WILL NEVER "
                            "RETURN 2")));
  CHECK(words_in_order(a, words_of("planes rarely land here in fog")) == 0.0);
}
