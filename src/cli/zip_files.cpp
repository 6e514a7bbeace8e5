#include "cli/zip_files.hpp"

#include <zip.h>

#include <memory>

#include "common/error.hpp"
#include "common/printable.hpp"

namespace distilbert::cli {
namespace {

constexpr zip_int64_t kMostFiles = 50;
constexpr zip_uint64_t kMostBytes = 64 << 20;

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }

  void operator()(zip_file_t* file) const { zip_fclose(file); }

  void operator()(zip_source_t* source) const { zip_source_free(source); }
};

template <class T>
using Owned = std::unique_ptr<T, Discard>;

[[noreturn]] void refuse(zip_t* archive) {
  fail("a zip can't be made: {}", zip_strerror(archive));
}

void add_file(zip_t* archive, const SubmissionFile& file) {
  constexpr zip_uint16_t kFirstOfJanuary = 1 << 5 | 1;  // of 1980, the zip's 0
  zip_source_t* const content = zip_source_buffer(
      archive, file.content.data(), file.content.size(), /*freep=*/0);
  const zip_int64_t index =
      content == nullptr
          ? -1
          : zip_file_add(archive, file.name.c_str(), content, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(content);
    refuse(archive);
  }
  if (zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0,
                           kFirstOfJanuary, 0) != 0) {
    refuse(archive);
  }
}

std::string all_bytes(zip_source_t* source) {
  zip_stat_t stat;
  if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0) {
    fail("a zip can't be made: {}",
         zip_error_strerror(zip_source_error(source)));
  }
  std::string bytes(stat.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  require(read == static_cast<zip_int64_t>(bytes.size()),
          "make_zip: {} bytes of {}", read, bytes.size());
  return bytes;
}

std::string content_of(zip_t* archive,
                       zip_uint64_t index,
                       const zip_stat_t& stat,
                       const std::filesystem::path& path) {
  const Owned<zip_file_t> file(zip_fopen_index(archive, index, 0));
  std::string content(stat.size, '\0');
  if (file == nullptr || zip_fread(file.get(), content.data(), stat.size) !=
                             static_cast<zip_int64_t>(stat.size)) {
    fail("{}: {} can't be read from it", path.string(),
         printable(stat.name, 40));
  }
  return content;
}

}  // namespace

std::string make_zip(std::span<const SubmissionFile> files) {
  zip_error_t error;
  zip_error_init(&error);
  const Owned<zip_source_t> bytes(
      zip_source_buffer_create(nullptr, 0, 0, &error));
  Owned<zip_t> archive(
      bytes == nullptr
          ? nullptr
          : zip_open_from_source(bytes.get(), ZIP_TRUNCATE, &error));
  if (archive == nullptr) {
    fail("a zip can't be made: {}", zip_error_strerror(&error));
  }
  // The archive would free its source when it is closed.
  zip_source_keep(bytes.get());
  for (const SubmissionFile& file : files) {
    add_file(archive.get(), file);
  }
  zip_t* const finished = archive.release();
  if (zip_close(finished) != 0) {
    const Owned<zip_t> still_open(finished);
    refuse(finished);
  }
  return all_bytes(bytes.get());
}

std::vector<SubmissionFile> read_zip(const std::filesystem::path& path) {
  int error = 0;
  const Owned<zip_t> archive(zip_open(path.c_str(), ZIP_RDONLY, &error));
  if (archive == nullptr) {
    zip_error_t description;
    zip_error_init_with_code(&description, error);
    const std::string text = zip_error_strerror(&description);
    zip_error_fini(&description);
    fail("{}: can't be read as a zip: {}", path.string(), text);
  }
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count > kMostFiles) {
    fail("{}: {} files, expected at most {}", path.string(), count, kMostFiles);
  }
  std::vector<SubmissionFile> files;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    zip_stat_t stat;
    if (zip_stat_index(archive.get(), i, 0, &stat) != 0 ||
        stat.size > kMostBytes) {
      fail("{}: file {} can't be read, or has more than {} bytes",
           path.string(), i + 1, kMostBytes);
    }
    files.push_back({stat.name, content_of(archive.get(), i, stat, path)});
  }
  return files;
}

}  // namespace distilbert::cli
