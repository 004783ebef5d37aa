package org.slimquant.model.testing;

import java.util.Random;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;

/** Windows with any strides, dilations and padding, some larger than the image. */
final class RandomWindows {

  private static final int MOST = 4;

  private final Random random;

  RandomWindows(Random random) {
    this.random = random;
  }

  /** Returns a window of a convolution. The padding may be larger than the window. */
  Window convolution(IntegerTensor image) {
    return fitting(image, true);
  }

  /** Returns a window of a pooling. It has no dilation, and is larger than its padding. */
  Window pooling(IntegerTensor image) {
    return fitting(image, false);
  }

  private Window fitting(IntegerTensor image, boolean convolves) {
    int rows = image.shape().get(0);
    int columns = image.shape().get(1);
    while (true) {
      Window window = slid(Window.of(upTo(MOST), upTo(MOST)), convolves);
      Window padded =
          switch (random.nextInt(3)) {
            case 0 -> window;
            case 1 -> window.withSamePadding(rows, columns);
            default ->
                window.withPadding(
                    convolves ? padding(MOST, MOST) : padding(window.height(), window.width()));
          };
      if (padded.outputRows(rows) > 0 && padded.outputColumns(columns) > 0) {
        return padded;
      }
    }
  }

  /** Returns a window with strides or, for a convolution, dilations or both. */
  private Window slid(Window window, boolean convolves) {
    int kind = convolves ? random.nextInt(4) : 0;
    Window strided = kind == 1 ? window : window.withStrides(upTo(3), upTo(3));
    int most = 2 + random.nextInt(2);
    return kind == 0 ? strided : strided.withDilations(upTo(most), upTo(most));
  }

  private Padding padding(int height, int width) {
    return new Padding(
        random.nextInt(height),
        random.nextInt(height),
        random.nextInt(width),
        random.nextInt(width));
  }

  private int upTo(int most) {
    return 1 + random.nextInt(most);
  }
}
