#include "common/fingerprint.hpp"

#include "catch.hpp"
#include "common/error.hpp"
#include "temporary_folder.hpp"

using distilbert::fingerprint;
using distilbert::fingerprint_of_file;

TEST_CASE("fingerprints are those of FNV-1a's authors") {
  CHECK(fingerprint("") == "cbf29ce484222325");
  CHECK(fingerprint("a") == "af63dc4c8601ec8c");
  CHECK(fingerprint("foobar") == "85944171f73967e8");
}

TEST_CASE("a file's fingerprint is that of its bytes") {
  const TemporaryFolder folder;
  CHECK(fingerprint_of_file(folder.write("f", "foobar")) == "85944171f73967e8");
  CHECK_THROWS_AS(fingerprint_of_file(folder.path() / "none"),
                  distilbert::Error);
}
