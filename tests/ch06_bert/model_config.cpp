#include "ch06_bert/model_config.hpp"

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "expect_error.hpp"

using distilbert::default_labels;
using distilbert::head_dropout;
using distilbert::HeadKind;
using distilbert::model_config_to_json;
using distilbert::ModelConfig;
using distilbert::ModelKind;
using distilbert::parse_model_config;
using distilbert::ProblemType;

namespace {

ModelConfig parse(const std::string& text) {
  return parse_model_config(text, "config.json");
}

ModelConfig bert(const std::string& settings) {
  return parse(R"({"model_type":"bert",)" + settings + "}");
}

ModelConfig student(const std::string& settings) {
  return parse(R"({"model_type":"distilbert",)" + settings + "}");
}

}  // namespace

TEST_CASE("a BERT configuration without settings is transformers' default") {
  const auto config = parse(R"({"model_type":"bert"})");
  CHECK(config.kind == ModelKind::kBert);
  CHECK(config.vocab_size == 30522);
  CHECK(config.hidden_size == 768);
  CHECK(config.layers == 12);
  CHECK(config.heads == 12);
  CHECK(config.intermediate_size == 3072);
  CHECK(config.max_positions == 512);
  CHECK(config.type_vocab_size == 2);
  CHECK(config.layer_norm_eps == 1e-12);
  CHECK(config.hidden_dropout == 0.1);
  CHECK(config.attention_dropout == 0.1);
  CHECK(config.classifier_dropout == 0.1);
  CHECK(config.initializer_range == 0.02);
  CHECK(config.pad_token_id == 0);
  CHECK_FALSE(config.head.has_value());
  CHECK(config.labels == default_labels(2));
  CHECK_FALSE(config.problem_type.has_value());
}

TEST_CASE("a DistilBERT configuration without settings is the default") {
  const auto config = parse(R"({"model_type":"distilbert"})");
  CHECK(config.kind == ModelKind::kDistilBert);
  CHECK(config.layers == 6);
  CHECK(config.heads == 12);
  CHECK(config.hidden_size == 768);
  CHECK(config.intermediate_size == 3072);
  CHECK(config.type_vocab_size == 0);
  CHECK(config.layer_norm_eps == 1e-12);
  CHECK(config.classifier_dropout == 0.2);
  CHECK(config.qa_dropout == 0.1);
}

TEST_CASE("every setting of BERT is read under its name") {
  const auto config = bert(
      R"("vocab_size":11,"hidden_size":24,"num_hidden_layers":3,
         "num_attention_heads":4,"intermediate_size":13,"hidden_act":"gelu",
         "hidden_dropout_prob":0.2,"attention_probs_dropout_prob":0.3,
         "max_position_embeddings":14,"type_vocab_size":3,
         "initializer_range":0.5,"layer_norm_eps":1e-5,"pad_token_id":7,
         "classifier_dropout":0.4,"architectures":["BertForTokenClassification"],
         "problem_type":"multi_label_classification",
         "id2label":{"1":"B","0":"O","2":"I"})");
  CHECK(config.vocab_size == 11);
  CHECK(config.hidden_size == 24);
  CHECK(config.layers == 3);
  CHECK(config.heads == 4);
  CHECK(config.intermediate_size == 13);
  CHECK(config.hidden_dropout == 0.2);
  CHECK(config.attention_dropout == 0.3);
  CHECK(config.max_positions == 14);
  CHECK(config.type_vocab_size == 3);
  CHECK(config.initializer_range == 0.5);
  CHECK(config.layer_norm_eps == 1e-5);
  CHECK(config.pad_token_id == 7);
  CHECK(config.classifier_dropout == 0.4);
  CHECK(config.head == HeadKind::kTokenClassification);
  CHECK(config.problem_type == ProblemType::kMultiLabelClassification);
  CHECK(config.labels == std::vector<std::string>{"O", "B", "I"});
}

TEST_CASE("every setting of DistilBERT is read under its name") {
  const auto config = student(
      R"("vocab_size":11,"dim":24,"n_layers":3,"n_heads":4,"hidden_dim":13,
         "activation":"gelu","dropout":0.2,"attention_dropout":0.3,
         "max_position_embeddings":14,"initializer_range":0.5,
         "seq_classif_dropout":0.4,"qa_dropout":0.6,"pad_token_id":null,
         "sinusoidal_pos_embds":true,"tie_weights_":true,
         "layer_norm_eps":0.1,"architectures":["DistilBertForMaskedLM"])");
  CHECK(config.vocab_size == 11);
  CHECK(config.hidden_size == 24);
  CHECK(config.layers == 3);
  CHECK(config.heads == 4);
  CHECK(config.intermediate_size == 13);
  CHECK(config.hidden_dropout == 0.2);
  CHECK(config.attention_dropout == 0.3);
  CHECK(config.max_positions == 14);
  CHECK(config.initializer_range == 0.5);
  CHECK(config.classifier_dropout == 0.4);
  CHECK(config.qa_dropout == 0.6);
  CHECK_FALSE(config.pad_token_id.has_value());
  CHECK(config.head == HeadKind::kMaskedLm);
  // DistilBERT's is fixed, whatever the file says.
  CHECK(config.layer_norm_eps == 1e-12);
}

TEST_CASE("DistilBERT answers to BERT's names, which win") {
  const auto config = student(
      R"("hidden_size":32,"dim":64,"num_attention_heads":4,
         "num_hidden_layers":3,"intermediate_size":5)");
  CHECK(config.hidden_size == 32);
  CHECK(config.heads == 4);
  CHECK(config.layers == 3);
  // This one isn't among them.
  CHECK(config.intermediate_size == 3072);
}

TEST_CASE("a head is known by the architecture, or left open") {
  const auto head = [](const std::string& names) {
    return bert(R"("architectures":)" + names).head;
  };
  CHECK(head(R"(["BertModel"])") == HeadKind::kNone);
  CHECK(head(R"(["BertForMaskedLM"])") == HeadKind::kMaskedLm);
  CHECK(head(R"(["BertForPreTraining"])") == HeadKind::kMaskedLm);
  CHECK(head(R"(["BertForSequenceClassification"])") ==
        HeadKind::kSequenceClassification);
  CHECK(head(R"(["BertForQuestionAnswering"])") ==
        HeadKind::kQuestionAnswering);
  CHECK_FALSE(head("null").has_value());
  CHECK_FALSE(head("[]").has_value());
}

TEST_CASE("the number of labels is id2label's, and num_labels goes before it") {
  CHECK(bert(R"("num_labels":3)").labels == default_labels(3));
  CHECK(bert(R"("id2label":{"0":"x"})").labels ==
        std::vector<std::string>{"x"});
  CHECK(bert(R"("id2label":null)").labels == default_labels(2));
  CHECK(bert(R"("num_labels":2,"id2label":{"0":"n","1":"p"})").labels ==
        std::vector<std::string>{"n", "p"});
  CHECK(bert(R"("num_labels":3,"id2label":{"0":"n","1":"p"})").labels ==
        default_labels(3));
  CHECK(bert(R"("id2label":{"0":0,"1":1})").labels ==
        std::vector<std::string>{"0", "1"});
}

TEST_CASE("dropout before the head is what transformers has there") {
  const auto teacher = bert(R"("hidden_dropout_prob":0.3)");
  CHECK(head_dropout(teacher, HeadKind::kSequenceClassification) == 0.3);
  CHECK(head_dropout(teacher, HeadKind::kTokenClassification) == 0.3);
  CHECK(head_dropout(teacher, HeadKind::kQuestionAnswering) == 0);
  CHECK(head_dropout(teacher, HeadKind::kMaskedLm) == 0);
  const auto small = student(R"("dropout":0.3,"qa_dropout":0.4)");
  CHECK(head_dropout(small, HeadKind::kSequenceClassification) == 0.2);
  CHECK(head_dropout(small, HeadKind::kTokenClassification) == 0.3);
  CHECK(head_dropout(small, HeadKind::kQuestionAnswering) == 0.4);
  CHECK(head_dropout(small, HeadKind::kNone) == 0);
}

TEST_CASE("configurations that can't be are refused by key") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {R"("hidden_size":30)", {"hidden_size", "multiple of the 12 heads"}},
      {R"("num_attention_heads":7)",
       {"num_attention_heads", "divisor of the hidden size 768", "found 7"}},
      {R"("hidden_size":0)", {"hidden_size", "1 to 2147483647", "found 0"}},
      {R"("hidden_size":-3)", {"hidden_size", "found -3"}},
      {R"("hidden_size":768.0)", {"hidden_size", "integer", "found 768.0"}},
      {R"("hidden_size":"768")", {"hidden_size", "found \"768\""}},
      {R"("hidden_size":[768])", {"hidden_size", "found [768]"}},
      {R"("vocab_size":2147483648)", {"vocab_size", "found 2147483648"}},
      {R"("vocab_size":18446744073709551615)", {"vocab_size"}},
      {R"("vocab_size":1e30)", {"vocab_size"}},
      {R"("num_hidden_layers":0)", {"num_hidden_layers", "found 0"}},
      {R"("num_hidden_layers":100000000)", {"num_hidden_layers", "1024"}},
      {R"("num_attention_heads":0)", {"num_attention_heads", "found 0"}},
      {R"("intermediate_size":0)", {"intermediate_size"}},
      {R"("max_position_embeddings":0)", {"max_position_embeddings"}},
      {R"("type_vocab_size":0)", {"type_vocab_size"}},
      {R"("hidden_dropout_prob":1)", {"hidden_dropout_prob", "below 1"}},
      {R"("hidden_dropout_prob":-0.1)", {"hidden_dropout_prob"}},
      {R"("attention_probs_dropout_prob":true)",
       {"attention_probs_dropout_prob", "found true"}},
      {R"("classifier_dropout":2)", {"classifier_dropout", "found 2"}},
      {R"("layer_norm_eps":0)", {"layer_norm_eps"}},
      {R"("layer_norm_eps":"1e-12")", {"layer_norm_eps"}},
      {R"("initializer_range":-1)", {"initializer_range"}},
      {R"("pad_token_id":30522)", {"pad_token_id", "0 to 30521"}},
      {R"("pad_token_id":-1)", {"pad_token_id"}},
      {R"("hidden_act":"relu")", {"hidden_act", "gelu", "found \"relu\""}},
      {R"("hidden_act":"gelu_new")", {"hidden_act", "found \"gelu_new\""}},
      {R"("position_embedding_type":"relative_key")",
       {"position_embedding_type", "absolute"}},
      {R"("is_decoder":true)", {"is_decoder", "encoder"}},
      {R"("add_cross_attention":true)", {"add_cross_attention"}},
      {R"("architectures":["BertForMultipleChoice"])",
       {"architectures", "BertForMaskedLM", "BertForMultipleChoice"}},
      {R"("architectures":["DistilBertModel"])", {"architectures"}},
      {R"("architectures":"BertModel")", {"architectures"}},
      {R"("architectures":[3])", {"architectures", "found [3]"}},
      {R"("architectures":["BertForMaskedLM"],"tie_word_embeddings":false)",
       {"tie_word_embeddings", "found false"}},
      {R"("id2label":{})", {"id2label", "found {}"}},
      {R"("id2label":["a"])", {"id2label"}},
      {R"("id2label":{"0":"a","2":"b"})", {"id2label", "from 0 to 1"}},
      {R"("id2label":{"x":"a"})", {"id2label"}},
      {R"("id2label":{"0":["a"]})", {"id2label"}},
      {R"("num_labels":0)", {"num_labels", "found 0"}},
      {R"("num_labels":1000000000000)", {"num_labels"}},
      {R"("problem_type":"guessing")", {"problem_type", "found \"guessing\""}},
      {R"("vocab_size":5,"vocab_size":6)", {"\"vocab_size\" twice"}},
  };
  for (const auto& [settings, parts] : cases) {
    INFO(settings);
    auto expected = parts;
    expected.emplace_back("config.json: ");
    expect_error([&settings = settings] { bert(settings); }, expected);
  }
}

TEST_CASE("texts that are no configuration are refused") {
  expect_error([] { parse("[]"); }, {"config.json: expected a JSON object"});
  expect_error([] { parse(""); }, {"config.json: line 1"});
  expect_error([] { parse("{}"); }, {"model_type", "found nothing"});
  expect_error([] { parse(R"({"model_type":"roberta"})"); },
               {"model_type", "\"bert\" or \"distilbert\"", "roberta"});
  expect_error([] { parse(R"({"model_type":3})"); }, {"model_type"});
}

TEST_CASE("DistilBERT's names stand in its errors") {
  expect_error([] { student(R"("dim":30)"); },
               {"config.json: dim: expected a multiple of the 12 heads"});
  expect_error([] { student(R"("n_heads":5)"); },
               {"config.json: n_heads: expected a divisor"});
  expect_error([] { student(R"("activation":"relu")"); }, {"activation"});
}

TEST_CASE("a configuration survives being written and read") {
  const std::vector<std::string> texts = {
      R"({"model_type":"bert"})", R"({"model_type":"distilbert"})",
      R"({"model_type":"bert","hidden_size":24,"num_attention_heads":2,
          "num_hidden_layers":3,"vocab_size":9,"intermediate_size":7,
          "max_position_embeddings":5,"type_vocab_size":4,
          "layer_norm_eps":1e-7,"hidden_dropout_prob":0.25,
          "attention_probs_dropout_prob":0.125,"classifier_dropout":0.5,
          "pad_token_id":null,"initializer_range":0.01,
          "architectures":["BertForSequenceClassification"],
          "id2label":{"0":"bad","1":"good","2":"é"},
          "problem_type":"single_label_classification",
          "use_cache":true,"mine":{"a":[1,2.5,null]}})",
      R"({"model_type":"distilbert","dim":24,"n_heads":2,"n_layers":3,
          "hidden_dim":7,"dropout":0,"attention_dropout":0.5,
          "seq_classif_dropout":0.75,"qa_dropout":0.3,"id2label":{"0":"s"},
          "problem_type":"regression","sinusoidal_pos_embds":false})"};
  for (const std::string& text : texts) {
    const auto config = parse(text);
    const std::string written = model_config_to_json(config);
    INFO(written);
    const auto again = parse(written);
    CHECK(model_config_to_json(again) == written);
    CHECK(again.kind == config.kind);
    CHECK(again.hidden_size == config.hidden_size);
    CHECK(again.layers == config.layers);
    CHECK(again.heads == config.heads);
    CHECK(again.intermediate_size == config.intermediate_size);
    CHECK(again.max_positions == config.max_positions);
    CHECK(again.type_vocab_size == config.type_vocab_size);
    CHECK(again.layer_norm_eps == config.layer_norm_eps);
    CHECK(again.hidden_dropout == config.hidden_dropout);
    CHECK(again.attention_dropout == config.attention_dropout);
    CHECK(again.classifier_dropout == config.classifier_dropout);
    CHECK(again.qa_dropout == config.qa_dropout);
    CHECK(again.pad_token_id == config.pad_token_id);
    CHECK(again.initializer_range == config.initializer_range);
    CHECK(again.head == config.head);
    CHECK(again.labels == config.labels);
    CHECK(again.problem_type == config.problem_type);
    CHECK(again.other_keys == config.other_keys);
  }
}

TEST_CASE("unknown keys are kept, and the type of the weights is ours") {
  const auto config =
      bert(R"("torch_dtype":"float16","dtype":"bfloat16","mine":[1, 2])");
  CHECK(config.other_keys ==
        std::map<std::string, std::string>{{"mine", "[1,2]"}});
  const std::string written = model_config_to_json(config);
  CHECK(written.find("\"torch_dtype\": \"float32\"") != std::string::npos);
  CHECK(written.find("float16") == std::string::npos);
}
