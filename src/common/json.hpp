#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace distilbert {

/// A JSON text as a value. Strict: UTF-8, one value and nothing after it, no
/// NUL, no byte order mark, no key twice in one object, at most 64 levels deep
/// (a deeper value would overflow the stack when it is destroyed). Throws Error
/// with `name` (of the file), line and column.
nlohmann::json parse_json(std::string_view text, const std::string& name);

/// The JSON value in a file of at most 64 MB. Throws Error where the file can't
/// be read, is larger, or isn't JSON.
nlohmann::json parse_json_file(const std::filesystem::path& path);

/// A value as JSON text, on one line, or with `indent` spaces a level. Bytes of a
/// string that aren't UTF-8, as a path may hold, become U+FFFD.
std::string json_text(const nlohmann::json& value, int indent = -1);

/// Where parse_json's text differs from what any JSON text may hold; shared by
/// parsers of JSON that don't build a value. Throws Error.
void refuse_nul_and_byte_order_mark(std::string_view text,
                                    const std::string& name);

/// "line 3, column 14" of a byte of a text, both counted from 1, in bytes.
std::string line_and_column(std::string_view text, std::size_t position);

/// Reads typed values out of a JSON object. Each getter names file and key when
/// it throws Error: "config.json: hidden_size: expected an integer from 1 to
/// 2147483647, found -3". The object must outlive it.
class JsonObject {
 public:
  /// Throws Error where `value` isn't an object. `name` is the file's.
  JsonObject(const nlohmann::json& value, std::string name);

  /// True where the key is there, whatever its value.
  [[nodiscard]] bool contains(std::string_view key) const;

  /// True where the key is there and its value isn't null.
  [[nodiscard]] bool has(std::string_view key) const;

  /// The key's integer (-3, not -3.0 or "-3") within [least, most].
  [[nodiscard]] std::int64_t integer(std::string_view key,
                                     std::int64_t least,
                                     std::int64_t most) const;

  /// The key's number within [least, most]; an integer counts as a number.
  [[nodiscard]] double number(std::string_view key,
                              double least,
                              double most) const;

  /// The key's truth value.
  [[nodiscard]] bool boolean(std::string_view key) const;

  /// The key's string.
  [[nodiscard]] std::string text(std::string_view key) const;

  /// The key's value, whatever it is, or null where the key is absent.
  [[nodiscard]] const nlohmann::json& value(std::string_view key) const;

  /// Throws Error: "<file>: <key>: expected <what>, found <its value>".
  [[noreturn]] void refuse(std::string_view key, std::string_view what) const;

 private:
  const nlohmann::json* object_;
  std::string name_;
};

/// A value as a short text for messages: its JSON, cut after 40 bytes.
std::string describe_json(const nlohmann::json& value);

}  // namespace distilbert
