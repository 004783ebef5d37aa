package org.slimquant.demo.segmentation;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.demo.data.LabelledImages;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/**
 * Items before a background of noise, and which pixels are the item's.
 *
 * @param images the images with their background, and the classes of the items
 * @param items the images without a background: a pixel above 0 is the item's
 */
public record SegmentedImages(LabelledImages images, LabelledImages items) {

  private static final int LEVELS = 256;

  /**
   * Puts a background of noise behind items: pixels that are 0 become multiples of 1/256 from 0 to
   * a brightness that each image has for itself.
   *
   * @param items images that are 0 where their item is not
   * @param seed the seed of the noise
   */
  public static SegmentedImages of(LabelledImages items, long seed) {
    Random random = new Random(seed);
    float[] pixels = items.pixels();
    int area = pixels.length / items.size();
    for (int image = 0; image < items.size(); image++) {
      int brightness = 1 + random.nextInt(LEVELS);
      for (int i = image * area; i < (image + 1) * area; i++) {
        if (pixels[i] == 0) {
          pixels[i] = random.nextInt(brightness) / (float) LEVELS;
        }
      }
    }
    int side = (int) items.imageShape().get(0);
    return new SegmentedImages(new LabelledImages(side, pixels, items.labels()), items);
  }

  /** Returns the number of images. */
  public int size() {
    return images.size();
  }

  /** Returns the images at these places, in this order. */
  public SegmentedImages select(int[] places) {
    return new SegmentedImages(images.select(places), items.select(places));
  }

  /** Returns all images in their order, in parts of {@code size}; the last may be smaller. */
  public List<SegmentedImages> batches(int size) {
    return IntStream.iterate(0, start -> start < size(), start -> start + size)
        .mapToObj(start -> select(IntStream.range(start, Math.min(start + size, size())).toArray()))
        .toList();
  }

  /** Returns the first {@code count} images, or all if there are fewer. */
  public SegmentedImages first(int count) {
    return new SegmentedImages(images.first(count), items.first(count));
  }

  /** Returns 1 for each pixel of an item and 0 for the others, {@code [size, side, side, 1]}. */
  TFloat32 maskTensor() {
    float[] masks = items.pixels();
    for (int i = 0; i < masks.length; i++) {
      masks[i] = masks[i] > 0 ? 1 : 0;
    }
    Shape shape = images.imageShape().prepend(size());
    return TFloat32.tensorOf(shape, DataBuffers.of(masks));
  }

  /** Returns the number of pixels whose score is above 0 if they are the item's, and only then. */
  long right(float[] scores) {
    float[] pixels = items.pixels();
    return IntStream.range(0, pixels.length).filter(i -> scores[i] > 0 == pixels[i] > 0).count();
  }
}
