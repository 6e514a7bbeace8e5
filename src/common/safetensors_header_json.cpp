#include "common/safetensors_header_json.hpp"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>  // IWYU pragma: keep
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/error.hpp"
#include "common/json.hpp"
#include "common/printable.hpp"
#include "common/safetensors_header.hpp"
#include "common/tensor_dtype.hpp"

namespace distilbert {

namespace {

constexpr std::size_t kMostDimensions = 64;
constexpr std::string_view kMetadataKey = "__metadata__";

// Hears the JSON piece by piece. The form is fixed,
//   {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
//    "__metadata__": {"key": "text"}},
// so a place in it is all the state there is.
class HeaderListener final : public nlohmann::json_sax<nlohmann::json> {
 public:
  HeaderListener(std::string_view text, const std::string& file)
      : text_(text), file_(file) {}

  SafetensorsHeader take() { return std::move(header_); }

  bool null() override {
    // The reference takes null for no metadata.
    if (place_ == Place::kTop && key_ == kMetadataKey) {
      return true;
    }
    refuse("null");
  }

  bool boolean(bool) override { refuse("true or false"); }

  bool number_integer(number_integer_t) override {
    refuse("a negative number");
  }

  bool number_unsigned(number_unsigned_t number) override {
    if (place_ == Place::kShape && shape_.size() < kMostDimensions) {
      shape_.push_back(number);
    } else if (place_ == Place::kOffsets && offsets_.size() < 2) {
      offsets_.push_back(number);
    } else {
      refuse("one number too many");
    }
    return true;
  }

  bool number_float(number_float_t, const string_t&) override {
    refuse("a number that is no integer");
  }

  bool string(string_t& value) override {
    if (place_ == Place::kMetadata) {
      if (!header_.metadata.emplace(key_, value).second) {
        refuse("a key of the metadata twice");
      }
    } else if (place_ == Place::kTensor && key_ == "dtype") {
      dtype_ = dtype_from_name(value);
      if (!dtype_) {
        refuse(fmt::format("unknown dtype \"{}\"", printable(value)));
      }
    } else {
      refuse(fmt::format("text \"{}\"", printable(value)));
    }
    return true;
  }

  bool binary(binary_t&) override { refuse("binary data"); }

  bool start_object(std::size_t) override {
    if (place_ == Place::kOutside) {
      place_ = Place::kTop;
    } else if (place_ == Place::kTop && key_ == kMetadataKey) {
      place_ = Place::kMetadata;
    } else if (place_ == Place::kTop) {
      place_ = Place::kTensor;
      dtype_.reset();
      has_shape_ = has_offsets_ = false;
    } else {
      refuse("an object");
    }
    return true;
  }

  bool key(string_t& name) override {
    key_ = name;
    if (place_ == Place::kTop) {
      tensor_ = name;
      if (!names_.insert(name).second) {
        refuse("the name twice");
      }
    } else if (place_ == Place::kTensor) {
      const bool known =
          name == "dtype" || name == "shape" || name == "data_offsets";
      const bool seen = (name == "dtype" && dtype_) ||
                        (name == "shape" && has_shape_) ||
                        (name == "data_offsets" && has_offsets_);
      if (!known || seen) {
        refuse(
            fmt::format("key \"{}\"{}", printable(name), seen ? " twice" : ""));
      }
    }
    return true;
  }

  bool end_object() override {
    if (place_ == Place::kTensor) {
      finish_tensor();
    }
    place_ = place_ == Place::kTop ? Place::kOutside : Place::kTop;
    return true;
  }

  bool start_array(std::size_t) override {
    if (place_ == Place::kTensor && key_ == "shape") {
      place_ = Place::kShape;
      shape_.clear();
    } else if (place_ == Place::kTensor && key_ == "data_offsets") {
      place_ = Place::kOffsets;
      offsets_.clear();
    } else {
      refuse("an array");
    }
    return true;
  }

  bool end_array() override {
    (place_ == Place::kShape ? has_shape_ : has_offsets_) = true;
    place_ = Place::kTensor;
    return true;
  }

  bool parse_error(std::size_t position,
                   const std::string&,
                   const nlohmann::detail::exception&) override {
    fail("{}: header: {}: expected JSON of a safetensors file, found none",
         file_, line_and_column(text_, position > 0 ? position - 1 : 0));
  }

 private:
  enum class Place : std::uint8_t {
    kOutside,
    kTop,
    kMetadata,
    kTensor,
    kShape,
    kOffsets,
  };

  [[noreturn]] void refuse(std::string_view found) const {
    if (place_ == Place::kOutside) {
      fail("{}: header: expected a JSON object, found {}", file_, found);
    }
    fail("{}: tensor \"{}\": expected dtype, shape and data_offsets, found {}",
         file_, printable(tensor_), found);
  }

  void finish_tensor() {
    if (!dtype_ || !has_shape_ || !has_offsets_ || offsets_.size() != 2) {
      refuse("less");
    }
    header_.tensors.push_back(
        {tensor_, *dtype_, shape_, offsets_[0], offsets_[1]});
  }

  std::string_view text_;
  const std::string& file_;
  SafetensorsHeader header_;
  std::set<std::string> names_;
  Place place_ = Place::kOutside;
  std::string tensor_;
  std::string key_;
  std::optional<Dtype> dtype_;
  std::vector<std::size_t> shape_;
  std::vector<std::size_t> offsets_;
  bool has_shape_ = false;
  bool has_offsets_ = false;
};

}  // namespace

SafetensorsHeader parse_safetensors_header_json(std::string_view text,
                                                const std::string& name) {
  refuse_nul_and_byte_order_mark(text, name);
  HeaderListener listener(text, name);
  nlohmann::json::sax_parse(text.begin(), text.end(), &listener);
  return listener.take();
}

}  // namespace distilbert
