package org.slimquant.demo.data;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

final class FashionMnistFolderTest {

  private static final int IMAGES = 0x803;
  private static final int LABELS = 0x801;
  private static final int AREA = 28 * 28;
  private static final String REMEDY =
      "; put the four original .gz files of Fashion-MNIST there; Debian's package"
          + " dataset-fashion-mnist has them in /usr/share/datasets/fashion-mnist";

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void wholeFolder() throws IOException {
    writeImages("train-images-idx3-ubyte.gz", 3);
    writeLabels("train-labels-idx1-ubyte.gz", 3);
    writeImages("t10k-images-idx3-ubyte.gz", 2);
    writeLabels("t10k-labels-idx1-ubyte.gz", 2);
  }

  @Test
  void wholeFolderIsRead() throws IOException {
    FashionMnistFolder data = FashionMnistFolder.load(folder);

    assertThat(data.training().size()).isEqualTo(3);
    assertThat(data.test().size()).isEqualTo(2);
    assertThat(data.test().label(1)).isEqualTo(1);
    try (TFloat32 images = data.training().imageTensor()) {
      assertThat(images.getFloat(0, 0, 5, 0)).isEqualTo(5 / 256f);
      assertThat(images.getFloat(2, 27, 27, 0)).isEqualTo((3 * AREA - 1) % 256 / 256f);
    }
  }

  @Test
  void noFolder() {
    Path nowhere = folder.resolve("nowhere");
    DamagedFileException e =
        assertThrows(DamagedFileException.class, () -> FashionMnistFolder.load(nowhere));
    assertThat(e)
        .hasMessageThat()
        .isEqualTo("the data set must be in a folder, but there is no folder " + nowhere + REMEDY);
  }

  @Test
  void missingFile() throws IOException {
    Path file = folder.resolve("t10k-images-idx3-ubyte.gz");
    Files.delete(file);
    assertDamaged("the data set must have the file " + file + ", but it is not there");
  }

  @Test
  void noGzipFile() throws IOException {
    Path file = folder.resolve("train-labels-idx1-ubyte.gz");
    Files.writeString(file, "<html>not found</html>");
    assertDamaged(file + " must be a gzip file, but is none or is damaged (Not in GZIP format)");
  }

  @Test
  void truncatedFile() throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte.gz");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertDamaged(file + " must be whole, but ends too early");
  }

  @Test
  void emptyFile() throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte.gz");
    Files.write(file, new byte[0]);
    assertDamaged(file + " must be whole, but ends too early");
  }

  @Test
  void imagesWhereLabelsShouldBe() throws IOException {
    Path file = writeImages("train-labels-idx1-ubyte.gz", 3);
    assertDamaged(file + " must start with the number 00000801, but starts with 00000803");
  }

  @Test
  void imagesOfAnotherSize() throws IOException {
    Path file = write("train-images-idx3-ubyte.gz", new int[] {IMAGES, 3, 32, 32}, 3 * 1024);
    assertDamaged(file + " must hold images of 28x28, but holds 32x32");
  }

  @Test
  void fewerImagesThanClaimed() throws IOException {
    Path file = write("train-images-idx3-ubyte.gz", new int[] {IMAGES, 3, 28, 28}, 2 * AREA);
    assertDamaged(file + " must hold 3 items, as it claims, but ends after 1568 of 2352 bytes");
  }

  @Test
  void moreImagesThanClaimed() throws IOException {
    Path file = write("train-images-idx3-ubyte.gz", new int[] {IMAGES, 3, 28, 28}, 4 * AREA);
    assertDamaged(file + " must end after 3 items, as it claims, but goes on");
  }

  @Test
  void negativeCount() throws IOException {
    Path file = write("train-labels-idx1-ubyte.gz", new int[] {LABELS, -1}, 3);
    assertDamaged(file + " must hold at least one item and at most 256 MB, but claims -1 items");
  }

  @Test
  void labelsForOtherImages() throws IOException {
    Path file = writeLabels("train-labels-idx1-ubyte.gz", 2);
    assertDamaged(
        file
            + " must have a label for each image, but has 2 for the 3 of "
            + folder.resolve("train-images-idx3-ubyte.gz"));
  }

  @Test
  void labelOfNoClass() throws IOException {
    Path labels = writeLabels("train-labels-idx1-ubyte.gz", 11);
    writeImages("train-images-idx3-ubyte.gz", 11);
    assertDamaged(labels + " must hold labels from 0 to 9, but holds 10");
  }

  private void assertDamaged(String message) {
    DamagedFileException e =
        assertThrows(DamagedFileException.class, () -> FashionMnistFolder.load(folder));
    assertThat(e).hasMessageThat().isEqualTo(message + REMEDY);
  }

  private Path writeImages(String name, int count) throws IOException {
    return write(name, new int[] {IMAGES, count, 28, 28}, count * AREA);
  }

  private Path writeLabels(String name, int count) throws IOException {
    return write(name, new int[] {LABELS, count}, count);
  }

  /** Writes a file with a header and the bytes 0, 1, 2, … */
  private Path write(String name, int[] header, int size) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
      for (int number : header) {
        out.writeInt(number);
      }
      for (int i = 0; i < size; i++) {
        out.writeByte(i);
      }
    }
    return Files.write(folder.resolve(name), bytes.toByteArray());
  }
}
