#include "common/json.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/error.hpp"
#include "common/mapped_file.hpp"
#include "common/printable.hpp"

namespace distilbert {

namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kLargestFile = 64U << 20U;

// Runs before the parser, which would build the deep value first.
void refuse_deep_nesting(std::string_view text, const std::string& name) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char byte = text[i];
    if (in_string && byte == '\\') {
      ++i;
    } else if (byte == '"') {
      in_string = !in_string;
    } else if (!in_string && (byte == '{' || byte == '[')) {
      if (++depth > kDeepest) {
        fail("{}: {}: expected at most {} levels of nesting, found more", name,
             line_and_column(text, i), kDeepest);
      }
    } else if (!in_string && (byte == '}' || byte == ']')) {
      --depth;
    }
  }
}

// The parser says "[json.exception.parse_error.101] parse error at line 1,
// column 5: syntax error ... - what; last read: '...'". What it read last may
// be anything, of any length, so it is left out.
std::string reason(const nlohmann::json::exception& error) {
  std::string text = error.what();
  text = text.substr(0, text.find("; last read"));
  if (const auto end = text.find("] "); end != std::string::npos) {
    text = text.substr(end + 2);
  }
  const auto colon = text.find(": ");
  if (text.starts_with("parse error at") && colon != std::string::npos) {
    text = text.substr(colon + 2);
  }
  return printable(text);
}

// Where the key of that number (from 0, in the order of the text) begins. The
// parser doesn't tell; up to that key the text is well formed.
std::size_t position_of_key(std::string_view text, std::size_t number) {
  std::size_t begin = text.find('"');
  while (begin != std::string_view::npos) {
    std::size_t end = begin + 1;
    while (end < text.size() && text[end] != '"') {
      end += text[end] == '\\' ? 2 : 1;
    }
    const auto next = text.find_first_not_of(" \t\r\n", end + 1);
    const bool is_key = next != std::string_view::npos && text[next] == ':';
    if (is_key && number-- == 0) {
      break;
    }
    begin = text.find('"', end + 1);
  }
  return std::min(begin, text.size());
}

class DuplicateKeys {
 public:
  DuplicateKeys(std::string_view text, const std::string& name)
      : text_(text), name_(name) {}

  void see(nlohmann::json::parse_event_t event, const nlohmann::json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    if (event == Event::object_start) {
      open_objects_.emplace_back();
    } else if (event == Event::object_end) {
      open_objects_.pop_back();
    } else if (event == Event::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!open_objects_.back().insert(key).second) {
        fail("{}: {}: expected each key once, found \"{}\" twice in one object",
             name_, line_and_column(text_, position_of_key(text_, keys_)),
             printable(key));
      }
      ++keys_;
    }
  }

 private:
  std::string_view text_;
  const std::string& name_;
  std::size_t keys_ = 0;  // seen before, in all objects
  std::vector<std::set<std::string>> open_objects_;
};

}  // namespace

std::string line_and_column(std::string_view text, std::size_t position) {
  const auto before = text.substr(0, std::min(position, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto last_break = before.rfind('\n');
  const auto column = last_break == std::string_view::npos
                          ? before.size() + 1
                          : before.size() - last_break;
  return fmt::format("line {}, column {}", line, column);
}

std::string json_text(const nlohmann::json& value, int indent) {
  return value.dump(indent, ' ', false,
                    nlohmann::json::error_handler_t::replace);
}

void refuse_nul_and_byte_order_mark(std::string_view text,
                                    const std::string& name) {
  // The parser skips a mark and takes a NUL for the end of the text.
  if (text.starts_with("\xEF\xBB\xBF")) {
    fail("{}: expected JSON, found a byte order mark before it", name);
  }
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    fail("{}: {}: expected JSON, found a NUL byte", name,
         line_and_column(text, nul));
  }
}

nlohmann::json parse_json(std::string_view text, const std::string& name) {
  refuse_nul_and_byte_order_mark(text, name);
  refuse_deep_nesting(text, name);
  DuplicateKeys keys(text, name);
  const auto see = [&keys](int, nlohmann::json::parse_event_t event,
                           const nlohmann::json& parsed) {
    keys.see(event, parsed);
    return true;
  };
  try {
    return nlohmann::json::parse(text.begin(), text.end(), see);
  } catch (const nlohmann::json::parse_error& error) {
    const auto position = error.byte > 0 ? error.byte - 1 : 0;
    fail("{}: {}: expected JSON, found {}", name,
         line_and_column(text, position), reason(error));
  } catch (const nlohmann::json::exception& error) {
    fail("{}: expected JSON, found {}", name, reason(error));
  }
}

nlohmann::json parse_json_file(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  const std::string_view text = file->text();
  if (text.size() > kLargestFile) {
    fail("{}: expected a JSON file of at most {} bytes, found {}",
         path.string(), kLargestFile, text.size());
  }
  return parse_json(text, path.string());
}

JsonObject::JsonObject(const nlohmann::json& value, std::string name)
    : object_(&value), name_(std::move(name)) {
  if (!value.is_object()) {
    fail("{}: expected a JSON object, found {}", name_, describe_json(value));
  }
}

bool JsonObject::contains(std::string_view key) const {
  return object_->contains(std::string(key));
}

bool JsonObject::has(std::string_view key) const {
  return !value(key).is_null();
}

const nlohmann::json& JsonObject::value(std::string_view key) const {
  static const nlohmann::json null;
  const auto found = object_->find(std::string(key));
  return found == object_->end() ? null : *found;
}

void JsonObject::refuse(std::string_view key, std::string_view what) const {
  const auto found = object_->find(std::string(key));
  fail("{}: {}: expected {}, found {}", name_, printable(key), what,
       found == object_->end() ? "nothing" : describe_json(*found));
}

std::int64_t JsonObject::integer(std::string_view key,
                                 std::int64_t least,
                                 std::int64_t most) const {
  const auto& found = value(key);
  if (found.is_number_integer()) {
    // Above 2^63 - 1 the parser stores an unsigned value, which would wrap.
    const bool fits = !found.is_number_unsigned() ||
                      found.get<std::uint64_t>() <= std::uint64_t{INT64_MAX};
    const auto number = found.get<std::int64_t>();
    if (fits && least <= number && number <= most) {
      return number;
    }
  }
  refuse(key, fmt::format("an integer from {} to {}", least, most));
}

double JsonObject::number(std::string_view key,
                          double least,
                          double most) const {
  const auto& found = value(key);
  if (found.is_number()) {
    const auto number = found.get<double>();
    if (least <= number && number <= most) {
      return number;
    }
  }
  refuse(key, fmt::format("a number from {} to {}", least, most));
}

bool JsonObject::boolean(std::string_view key) const {
  const auto& found = value(key);
  if (!found.is_boolean()) {
    refuse(key, "true or false");
  }
  return found.get<bool>();
}

std::string JsonObject::text(std::string_view key) const {
  const auto& found = value(key);
  if (!found.is_string()) {
    refuse(key, "a string");
  }
  return found.get<std::string>();
}

std::string describe_json(const nlohmann::json& value) {
  constexpr std::size_t kLongest = 40;
  // A large value isn't written out whole only to be cut.
  if (value.is_structured() && value.size() > kLongest) {
    return fmt::format("{} of {} values",
                       value.is_array() ? "an array" : "an object",
                       value.size());
  }
  using Handler = nlohmann::json::error_handler_t;
  return printable(value.dump(-1, ' ', false, Handler::replace), kLongest);
}

}  // namespace distilbert
