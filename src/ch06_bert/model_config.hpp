#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace distilbert {

/// The two families: the teacher's and the student's.
enum class ModelKind : std::uint8_t { kBert, kDistilBert };

/// What sits on top of the body.
enum class HeadKind : std::uint8_t {
  kNone,
  kMaskedLm,
  kSequenceClassification,
  kTokenClassification,
  kQuestionAnswering,
};

/// What a classification head's logits mean, where the file says so.
enum class ProblemType : std::uint8_t {
  kRegression,
  kSingleLabelClassification,
  kMultiLabelClassification,
};

/// What a model's config.json says, with one name for what the two families
/// call differently. The initial values are those of transformers' BertConfig.
struct ModelConfig {
  ModelKind kind = ModelKind::kBert;
  std::int64_t vocab_size = 30522;
  /// Width of the hidden states; a multiple of `heads`.
  std::int64_t hidden_size = 768;
  std::int64_t layers = 12;
  std::int64_t heads = 12;
  std::int64_t intermediate_size = 3072;
  /// The longest sequence, in tokens.
  std::int64_t max_positions = 512;
  /// Number of segments; 0 for DistilBERT, which has no segment embeddings.
  std::int64_t type_vocab_size = 2;
  /// Added to the variance in every layer norm; 1e-12 for DistilBERT always.
  double layer_norm_eps = 1e-12;
  /// Only the exact "gelu" is supported.
  std::string activation = "gelu";
  double hidden_dropout = 0.1;
  double attention_dropout = 0.1;
  /// Before the last layer of a classification head (see head_dropout).
  double classifier_dropout = 0.1;
  /// Before DistilBERT's question answering head.
  double qa_dropout = 0.1;
  /// The token whose row of the word embeddings is 0 in a new model.
  std::optional<std::int64_t> pad_token_id = 0;
  /// Standard deviation of new weights.
  double initializer_range = 0.02;
  /// From architectures[0]; nothing where the file doesn't say (see
  /// head_from_tensors).
  std::optional<HeadKind> head;
  /// The labels' names, one for each output of a classification head.
  std::vector<std::string> labels = {"LABEL_0", "LABEL_1"};
  std::optional<ProblemType> problem_type;
  /// Keys that mean nothing here, with the JSON text of their values. They are
  /// written again.
  std::map<std::string, std::string> other_keys;
};

/// A configuration of the given family with its defaults in transformers.
ModelConfig default_model_config(ModelKind kind);

/// The configuration in the text of a config.json; `name` is the file's, for
/// errors. Throws Error where the text isn't JSON, or says something that
/// can't be (heads that don't divide the width, zeros, negatives, sizes of
/// 2^31 and more) or that isn't supported (other families, activations than
/// "gelu", positions that aren't absolute, decoders). Absent keys have
/// transformers' defaults.
/// Reference behaviour: transformers 5.23 BertConfig and DistilBertConfig.
ModelConfig parse_model_config(std::string_view text, const std::string& name);

/// The text of a config.json that parse_model_config and transformers read. It
/// says that the weights are of type float32.
std::string model_config_to_json(const ModelConfig& config);

/// The name transformers gives a model: "BertForMaskedLM", "DistilBertModel".
std::string architecture_name(ModelKind kind, HeadKind head);

/// The dropout probability in front of a head's last layer, as transformers
/// has it: none for masked language modelling and for BERT's question
/// answering, and DistilBERT's token classification uses hidden_dropout.
double head_dropout(const ModelConfig& config, HeadKind head);

/// "LABEL_0", "LABEL_1", …: names of labels that nobody named.
std::vector<std::string> default_labels(std::int64_t count);

}  // namespace distilbert
