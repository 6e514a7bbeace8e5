#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "goldens.hpp"

namespace distilbert::testing {

inline nlohmann::json read_json(const std::string& golden) {
  std::ifstream file(golden_path(golden));
  return nlohmann::json::parse(file);
}

/// A JSON array of rows as a matrix.
template <class T>
Matrix<T> matrix_from(const nlohmann::json& json) {
  Matrix<T> matrix = make_matrix<T>(json.size(), json.at(0).size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    for (std::size_t j = 0; j < json[i].size(); ++j) {
      matrix(i, j) = json[i].at(j).get<T>();
    }
  }
  return matrix;
}

}  // namespace distilbert::testing
