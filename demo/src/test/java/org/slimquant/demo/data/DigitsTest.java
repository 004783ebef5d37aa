package org.slimquant.demo.data;

import static com.google.common.truth.Truth.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

final class DigitsTest {

  private final Digits digits = Digits.load();

  @Test
  void aQuarterOfEachClassIsForTesting() {
    assertThat(classCounts(digits.training()))
        .containsExactly(134, 137, 133, 138, 136, 137, 136, 135, 131, 135)
        .inOrder();
    assertThat(classCounts(digits.test()))
        .containsExactly(44, 45, 44, 45, 45, 45, 45, 44, 43, 45)
        .inOrder();
  }

  @Test
  void noImageIsInBothParts() {
    Set<String> training = new HashSet<>(images(digits.training()));
    // No image occurs twice in the whole set, so this comparison is enough.
    assertThat(training).hasSize(1352);
    assertThat(images(digits.test())).containsNoneIn(training);
  }

  @Test
  void theSplitIsTheSameEachTime() {
    assertThat(images(Digits.load().test())).isEqualTo(images(digits.test()));
  }

  @Test
  void pixelsAreSixteenthsFromZeroToOne() {
    try (TFloat32 pixels = digits.training().imageTensor()) {
      Set<Float> values = new HashSet<>();
      pixels.scalars().forEach(pixel -> values.add(pixel.getFloat()));
      assertThat(values)
          .containsExactlyElementsIn(IntStream.rangeClosed(0, 16).mapToObj(i -> i / 16f).toList());
    }
  }

  private static List<Integer> classCounts(LabelledImages images) {
    int[] counts = new int[10];
    IntStream.range(0, images.size()).forEach(i -> counts[images.label(i)]++);
    return IntStream.of(counts).boxed().toList();
  }

  /** Returns each image as text. */
  private static List<String> images(LabelledImages images) {
    return images.batches(1).stream().map(DigitsTest::text).toList();
  }

  private static String text(LabelledImages image) {
    float[] pixels = new float[64];
    try (TFloat32 tensor = image.imageTensor()) {
      tensor.copyTo(DataBuffers.of(pixels, false, false));
    }
    return Arrays.toString(pixels);
  }
}
