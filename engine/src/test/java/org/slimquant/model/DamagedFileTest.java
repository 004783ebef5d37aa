package org.slimquant.model;

import static com.google.common.truth.Truth.assertWithMessage;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.slimquant.model.testing.TinyModel;

/** Tests that a damaged file is an error or, if the damage has no meaning, the same model. */
final class DamagedFileTest {

  private static final byte[] BYTES = ModelWriter.bytes(TinyModel.model());

  @Test
  void anyByteReplacedByAnyOther() {
    for (int i = 0; i < BYTES.length; i++) {
      for (int change = 1; change < 256; change++) {
        byte[] replaced = BYTES.clone();
        replaced[i] ^= (byte) change;
        assertErrorOrSame(replaced, "byte %d changed by %d".formatted(i, change));
      }
    }
  }

  @Test
  void anyBytesLeftOut() {
    for (int i = 0; i < BYTES.length; i++) {
      for (int count = 1; count <= 4 && i + count <= BYTES.length; count++) {
        byte[] shorter = Arrays.copyOf(BYTES, BYTES.length - count);
        System.arraycopy(BYTES, i + count, shorter, i, shorter.length - i);
        assertErrorOrSame(shorter, "%d bytes from %d left out".formatted(count, i));
      }
    }
  }

  @Test
  void anyByteDoubled() {
    for (int i = 0; i < BYTES.length; i++) {
      byte[] longer = Arrays.copyOf(BYTES, BYTES.length + 1);
      System.arraycopy(BYTES, i, longer, i + 1, BYTES.length - i);
      assertErrorOrSame(longer, "byte %d doubled".formatted(i));
    }
  }

  @Test
  void anyStretchOfZeros() {
    for (int i = 0; i < BYTES.length; i++) {
      byte[] cleared = BYTES.clone();
      Arrays.fill(cleared, i, Math.min(BYTES.length, i + 64), (byte) 0);
      assertErrorOrSame(cleared, "zeros from %d".formatted(i));
    }
  }

  @Test
  void twoFilesInOne() {
    byte[] twice = Arrays.copyOf(BYTES, 2 * BYTES.length);
    System.arraycopy(BYTES, 0, twice, BYTES.length, BYTES.length);
    assertErrorOrSame(twice, "the file twice");
  }

  private static void assertErrorOrSame(byte[] bytes, String damage) {
    IntegerModel model;
    try {
      model = ModelReader.parse(Path.of("model.bin"), bytes, ModelLimits.DEFAULT);
    } catch (ModelFormatException e) {
      assertWithMessage("%s", damage).that(e).hasMessageThat().startsWith("model.bin: ");
      return;
    }
    assertWithMessage("%s", damage).that(model).isEqualTo(TinyModel.model());
  }
}
