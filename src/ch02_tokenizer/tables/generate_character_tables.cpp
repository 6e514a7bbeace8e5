// Reads the character tables of data/unicode and writes them as C++ arrays, cut
// into pages of 256 code points of which equal ones are stored once.
//
//   generate_character_tables FOLDER OUTPUT.cpp

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kCodePoints = 0x110000;
constexpr std::size_t kPageSize = 256;

/// One value per code point.
using Column = std::vector<std::int64_t>;

/// Calls `use` with the fields (between tabs) of each line of a file.
void for_each_line(
    const std::string& path,
    const std::function<void(const std::vector<std::string>&)>& use) {
  std::ifstream file(path);
  if (!file) {
    throw std::runtime_error(path + ": can't be read");
  }
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') {
      continue;
    }
    std::istringstream stream(line);
    std::vector<std::string> fields;
    for (std::string field; std::getline(stream, field, '\t');) {
      fields.push_back(field);
    }
    if (fields.size() < 2) {
      throw std::runtime_error(path + ": a line without tab");
    }
    use(fields);
  }
}

std::size_t code_point(const std::string& text) {
  const std::size_t value = std::stoul(text, nullptr, 16);
  if (value >= kCodePoints) {
    throw std::runtime_error("no code point: " + text);
  }
  return value;
}

std::vector<std::size_t> code_points(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::size_t> values;
  for (std::string field; stream >> field;) {
    values.push_back(code_point(field));
  }
  return values;
}

/// Sets bit after bit, in the order of CharacterClass.
Column read_classes(const std::string& folder) {
  Column classes(kCodePoints);
  std::int64_t bit = 1;
  for (const char* name : {"clean_removed", "clean_to_space", "cjk_isolated",
                           "mn_stripped", "pretok_whitespace", "bert_punct"}) {
    for_each_line(folder + "/" + name + ".txt", [&](const auto& fields) {
      const std::size_t last = code_point(fields[1]);
      for (std::size_t c = code_point(fields[0]); c <= last; ++c) {
        classes[c] |= bit;
      }
    });
    bit *= 2;
  }
  return classes;
}

Column read_combining_classes(const std::string& folder) {
  Column classes(kCodePoints);
  for_each_line(folder + "/ccc.txt", [&](const auto& fields) {
    const std::size_t last = code_point(fields.at(1));
    for (std::size_t c = code_point(fields[0]); c <= last; ++c) {
      classes[c] = std::stol(fields.at(2));
    }
  });
  return classes;
}

/// Lower case minus code point. Only U+0130 may have two code points there:
/// lowercase.cpp adds its second.
Column read_lowercase(const std::string& folder) {
  Column differences(kCodePoints);
  for_each_line(folder + "/lowercase.txt", [&](const auto& fields) {
    const std::size_t c = code_point(fields[0]);
    const std::vector<std::size_t> lower = code_points(fields[1]);
    if (lower.size() != (c == 0x130 ? 2 : 1)) {
      throw std::runtime_error("lowercase.txt: unexpected length at " +
                               fields[0]);
    }
    differences[c] =
        static_cast<std::int64_t>(lower[0]) - static_cast<std::int64_t>(c);
  });
  return differences;
}

/// Numbers the decompositions from 1 (0: none) and writes them to `output`.
Column write_decompositions(const std::string& folder, std::ostream& output) {
  Column indices(kCodePoints);
  std::int64_t count = 0;
  output << "const Decomposition decompositions[] = {{0, {}},\n";
  for_each_line(folder + "/nfd.txt", [&](const auto& fields) {
    const std::vector<std::size_t> parts = code_points(fields[1]);
    if (parts.empty() || parts.size() > 4) {
      throw std::runtime_error("nfd.txt: unexpected length at " + fields[0]);
    }
    indices[code_point(fields[0])] = ++count;
    output << "{" << parts.size() << ", {";
    for (const std::size_t part : parts) {
      output << part << ",";
    }
    output << "}},\n";
  });
  output << "};\n";
  return indices;
}

bool is_hangul_syllable(std::size_t c) {
  return c >= 0xAC00 && c <= 0xD7A3;
}

/// Sets the bit kUnchanged where all tables say nothing and no formula
/// decomposes the code point.
void mark_unchanged(const std::vector<const Column*>& tables, Column& classes) {
  constexpr std::int64_t kUnchanged = 64;
  for (std::size_t c = 0; c < kCodePoints; ++c) {
    const bool touched =
        std::any_of(tables.begin(), tables.end(),
                    [c](const Column* table) { return (*table)[c] != 0; });
    if (!touched && !is_hangul_syllable(c)) {
      classes[c] = kUnchanged;
    }
  }
}

void write_numbers(const std::vector<std::int64_t>& numbers,
                   std::ostream& output) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    output << numbers[i] << (i % 32 == 31 ? ",\n" : ",");
  }
}

/// Writes `<name>_page_of` and `<name>_pages`.
void write_pages(const std::string& name,
                 const std::string& type,
                 const Column& column,
                 std::ostream& output) {
  std::map<Column, std::size_t> known;
  std::vector<Column> pages;
  Column page_of;
  for (std::size_t begin = 0; begin < kCodePoints; begin += kPageSize) {
    const auto first = column.begin() + static_cast<std::ptrdiff_t>(begin);
    const Column page(first, first + kPageSize);
    const auto [entry, is_new] = known.emplace(page, pages.size());
    if (is_new) {
      pages.push_back(page);
    }
    page_of.push_back(static_cast<std::int64_t>(entry->second));
  }
  if (pages.size() > 256) {
    throw std::runtime_error(name + ": more pages than a byte can number");
  }
  output << "const std::uint8_t " << name << "_page_of[kPageCount] = {\n";
  write_numbers(page_of, output);
  output << "};\nconst " << type << " " << name << "_pages[][kPageSize] = {\n";
  for (const Column& page : pages) {
    output << "{";
    write_numbers(page, output);
    output << "},\n";
  }
  output << "};\n";
}

void write_tables(const std::string& folder, std::ostream& output) {
  output << "// Written by generate_character_tables from data/unicode.\n"
         << "#include \"ch02_tokenizer/character_tables.hpp\"\n"
         << "namespace distilbert::tables {\n";
  const Column combining = read_combining_classes(folder);
  const Column lowercase = read_lowercase(folder);
  const Column decompositions = write_decompositions(folder, output);
  Column classes = read_classes(folder);
  mark_unchanged({&classes, &combining, &lowercase, &decompositions}, classes);
  write_pages("class", "std::uint8_t", classes, output);
  write_pages("combining", "std::uint8_t", combining, output);
  write_pages("lowercase", "std::int32_t", lowercase, output);
  write_pages("decomposition", "std::uint16_t", decompositions, output);
  output << "}  // namespace distilbert::tables\n";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) {
      throw std::runtime_error(
          "usage: generate_character_tables FOLDER OUTPUT");
    }
    std::ofstream output(argv[2]);
    write_tables(argv[1], output);
    output.close();
    if (!output) {
      throw std::runtime_error(std::string(argv[2]) + ": can't be written");
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
