package org.slimquant.demo.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Square grey images, each with the class it shows. */
public final class LabelledImages {

  private final int side;
  private final float[] pixels;
  private final int[] labels;

  /**
   * Creates a set of images.
   *
   * @param side the width and height of an image
   * @param pixels the images one after the other, each row by row
   * @param labels the class of each image, from 0
   */
  public LabelledImages(int side, float[] pixels, int[] labels) {
    if (pixels.length != labels.length * side * side) {
      throw new IllegalArgumentException(
          "%d images of %dx%d must have %d pixels, but have %d"
              .formatted(labels.length, side, side, labels.length * side * side, pixels.length));
    }
    this.side = side;
    this.pixels = pixels;
    this.labels = labels;
  }

  /** Returns the number of images. */
  public int size() {
    return labels.length;
  }

  /** Returns the shape of one image as a model takes it: {@code [side, side, 1]}. */
  public Shape imageShape() {
    return Shape.of(side, side, 1);
  }

  /** Returns the class of an image. */
  public int label(int image) {
    return labels[image];
  }

  /** Returns the classes, one for each image. */
  public int[] labels() {
    return labels.clone();
  }

  /** Returns the images at these places, in this order. */
  public LabelledImages select(int[] places) {
    int area = side * side;
    float[] selected = new float[places.length * area];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(pixels, places[i] * area, selected, i * area, area);
    }
    return new LabelledImages(
        side, selected, Arrays.stream(places).map(place -> labels[place]).toArray());
  }

  /** Returns the first {@code count} images, or all if there are fewer. */
  public LabelledImages first(int count) {
    return select(IntStream.range(0, Math.min(count, size())).toArray());
  }

  /** Returns all images in their order, in parts of {@code size}; the last may be smaller. */
  public List<LabelledImages> batches(int size) {
    return IntStream.iterate(0, start -> start < size(), start -> start + size)
        .mapToObj(start -> select(IntStream.range(start, Math.min(start + size, size())).toArray()))
        .toList();
  }

  /** Returns the pixels, the images one after the other, each row by row. */
  public float[] pixels() {
    return pixels.clone();
  }

  /** Returns the images as a tensor {@code [size, side, side, 1]}, which the caller closes. */
  public TFloat32 imageTensor() {
    return TFloat32.tensorOf(Shape.of(size(), side, side, 1), DataBuffers.of(pixels));
  }

  /** Returns the classes as a tensor {@code [size]}, which the caller closes. */
  public TInt32 labelTensor() {
    return TInt32.tensorOf(Shape.of(size()), DataBuffers.of(labels));
  }
}
