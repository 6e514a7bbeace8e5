#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "common/file_calls.hpp"

/// A disk in memory that loses what wasn't synchronised. It notes every call,
/// fails or loses power at a chosen one, and can say what every name might hold
/// after the power comes back: any of the changes of names since the last
/// synchronisation of the folder may be lost, and of a file's bytes since its
/// last synchronisation any number may be missing.
class ForgetfulDisk final : public distilbert::FileCalls {
 public:
  /// The call of this number (from 0) throws `error` and does nothing.
  void fail_at(int call, std::errc error) {
    failing_call_ = call;
    error_ = error;
  }

  /// From the call of this number on nothing reaches the disk any more.
  void lose_power_at(int call) { last_call_ = call - 1; }

  /// At most so many bytes are taken by one write.
  void take_at_most(std::size_t bytes) { most_bytes_ = bytes; }

  /// A file that was on the disk before, safe and sound.
  void put(const std::string& name, const std::string& content) {
    auto file = std::make_shared<File>();
    file->content = file->safe_content = content;
    names_[name] = file;
    safe_names_ = {names_};
  }

  [[nodiscard]] int calls() const { return calls_; }

  /// The content of a name while the power is on, nothing where none is.
  [[nodiscard]] std::optional<std::string> read(const std::string& name) const {
    const auto found = names_.find(name);
    if (found == names_.end()) {
      return std::nullopt;
    }
    return found->second->content;
  }

  [[nodiscard]] std::size_t files() const { return names_.size(); }

  /// Everything the name might hold after a power cut now.
  [[nodiscard]] std::vector<std::optional<std::string>> after_power_cut(
      const std::string& name) const {
    std::vector<std::optional<std::string>> results;
    for (const Names& names : safe_names_) {
      const auto found = names.find(name);
      if (found == names.end()) {
        results.emplace_back();
        continue;
      }
      const File& file = *found->second;
      results.emplace_back(file.safe_content);
      // A file's bytes may also have reached the disk in part, or all.
      for (auto size = file.safe_content.size(); size < file.content.size();
           ++size) {
        results.emplace_back(file.content.substr(0, size + 1));
      }
    }
    return results;
  }

  int create(const std::filesystem::path& path) override {
    step();
    if (names_.contains(path.string())) {
      throw std::system_error(std::make_error_code(std::errc::file_exists));
    }
    auto file = std::make_shared<File>();
    names_[path.string()] = file;
    remember_names();
    open_.push_back(file);
    return static_cast<int>(open_.size()) - 1;
  }

  std::size_t write(int file, std::span<const std::byte> bytes) override {
    step();
    const auto taken = bytes.first(std::min(bytes.size(), most_bytes_));
    for (const std::byte byte : taken) {
      opened(file).content.push_back(static_cast<char>(byte));
    }
    return taken.size();
  }

  void synchronise(int file) override {
    step();
    opened(file).safe_content = opened(file).content;
  }

  void close(int file) override {
    const auto closed = open_.at(static_cast<std::size_t>(file));
    open_.at(static_cast<std::size_t>(file)) = nullptr;
    step();
    if (closed == nullptr) {
      throw std::system_error(
          std::make_error_code(std::errc::bad_file_descriptor));
    }
  }

  void rename(const std::filesystem::path& from,
              const std::filesystem::path& to) override {
    step();
    names_[to.string()] = names_.at(from.string());
    names_.erase(from.string());
    remember_names();
  }

  void synchronise_folder(const std::filesystem::path&) override {
    step();
    safe_names_ = {names_};
  }

  void remove(const std::filesystem::path& path) override {
    step();
    names_.erase(path.string());
    remember_names();
  }

  /// Handles that were not closed.
  [[nodiscard]] std::size_t open_handles() const {
    std::size_t count = 0;
    for (const auto& file : open_) {
      count += file != nullptr ? 1U : 0U;
    }
    return count;
  }

 private:
  struct File {
    std::string content;
    std::string safe_content;
  };

  using Names = std::map<std::string, std::shared_ptr<File>>;

  void step() {
    const int call = calls_++;
    if (call == failing_call_) {
      throw std::system_error(std::make_error_code(error_));
    }
    if (call > last_call_) {
      throw std::system_error(std::make_error_code(std::errc::io_error));
    }
  }

  File& opened(int file) { return *open_.at(static_cast<std::size_t>(file)); }

  // The disk may have made a change of names safe at once, or not yet.
  void remember_names() { safe_names_.push_back(names_); }

  Names names_;
  std::vector<Names> safe_names_ = {Names()};
  std::vector<std::shared_ptr<File>> open_;
  std::size_t most_bytes_ = 1U << 20U;
  int calls_ = 0;
  int failing_call_ = -1;
  int last_call_ = 1 << 30;
  std::errc error_ = std::errc::io_error;
};
