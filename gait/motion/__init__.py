"""One runner's landmarks -> motion in body units, and the contacts of the feet."""
