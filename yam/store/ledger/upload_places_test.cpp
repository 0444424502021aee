#include "yam/store/ledger/upload_places.hpp"

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::store {
namespace {

const UploadKey key{"http://a/b/", "/home/x/\xff.bin", {1, UINT64_MAX, 3, 4}};

TEST(UploadPlaces, RemembersBetweenRuns) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/uploads.db";
  {
    UploadPlaces places(path);
    EXPECT_FALSE(places.find(key));
    places.keep(key, "http://a/1");
    places.keep(key, "http://a/2");
    EXPECT_FALSE(places.take_fault());
  }
  UploadPlaces places(path);
  EXPECT_EQ(places.find(key), "http://a/2");
  places.forget(key);
  EXPECT_FALSE(places.find(key));
  places.forget(key);
  EXPECT_FALSE(places.take_fault());
}

TEST(UploadPlaces, KnowsNothingOfAnotherVersion) {
  const TemporaryFolder folder;
  UploadPlaces places(folder.path() + "/uploads.db");
  places.keep(key, "http://a/1");
  for (const FileVersion& other : {FileVersion{2, UINT64_MAX, 3, 4}, FileVersion{1, 0, 3, 4},
                                   FileVersion{1, UINT64_MAX, 0, 4}, FileVersion{1, UINT64_MAX, 3, 5}})
    EXPECT_FALSE(places.find({key.target, key.file, other}));
  EXPECT_FALSE(places.find({"http://a/", key.file, key.version}));
  EXPECT_FALSE(places.find({key.target, "/home/x/", key.version}));
  EXPECT_TRUE(places.find(key));
}

TEST(UploadPlaces, ForgetsTheOldest) {
  const TemporaryFolder folder;
  UploadPlaces places(folder.path() + "/uploads.db", 2);
  UploadKey one = key, two = key, three = key;
  two.file += "2";
  three.file += "3";
  places.keep(one, "1");
  places.keep(two, "2");
  places.keep(one, "1 again");
  places.keep(three, "3");
  EXPECT_EQ(places.find(one), "1 again");
  EXPECT_FALSE(places.find(two));
  EXPECT_EQ(places.find(three), "3");
}

TEST(UploadPlaces, GoesOnWithoutADatabase) {
  UploadPlaces places("/nowhere/at/all.db");
  EXPECT_TRUE(places.take_fault());
  EXPECT_FALSE(places.take_fault());
  places.keep(key, "x");
  EXPECT_FALSE(places.find(key));
  places.forget(key);
}

}  // namespace
}  // namespace yam::store
