// Our side of the tokenizers' bench, on one thread. Seconds are processor time,
// on all sides: what else runs on the machine then costs nobody his turn.
//
//   tokenize_bench FOLDER
//
// FOLDER has vocab.txt. Answers "ready", then each line of the standard input
// with seconds:
//   tokenize FILE   to encode all lines of the file, which is read before
//   load FOLDER     to make a tokenizer from a model's folder

#include <cstddef>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "ch02_tokenizer/tokenizer.hpp"
#include "common/error.hpp"

namespace {

using namespace distilbert;

double seconds_of(const std::function<void()>& work) {
  const std::clock_t started = std::clock();
  work();
  return static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
}

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    fail("{}: can't be read", path);
  }
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

double tokenize(const Tokenizer& tokenizer, const std::string& path) {
  const std::vector<std::string> lines = read_lines(path);
  std::vector<Encoding> encodings;
  return seconds_of([&] {
    encodings.reserve(lines.size());
    for (const std::string& line : lines) {
      encodings.push_back(tokenizer.encode(line));
    }
  });
}

double answer(const Tokenizer& tokenizer, const std::string& request) {
  const std::size_t space = request.find(' ');
  const std::string what = request.substr(0, space);
  if (space == std::string::npos || (what != "tokenize" && what != "load")) {
    fail("expected `tokenize FILE` or `load FOLDER`, found: {}", request);
  }
  const std::string path = request.substr(space + 1);
  return what == "tokenize"
             ? tokenize(tokenizer, path)
             : seconds_of([&] { (void)Tokenizer::from_folder(path); });
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::cerr << "usage: tokenize_bench FOLDER\n";
    return 2;
  }
  try {
    const Tokenizer tokenizer = Tokenizer::from_folder(arguments[1]);
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
      std::cout << answer(tokenizer, line) << std::endl;
    }
  } catch (const std::exception& error) {
    std::cerr << "tokenize_bench: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
