package org.slimquant.sensitivity;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/** The elements of an output: a score for each class of each sample, along the last axis. */
final class Scores {

  private final Shape shape;
  private final float[] elements;

  private Scores(Shape shape, float[] elements) {
    this.shape = shape;
    this.elements = elements;
  }

  /** Returns a copy of the elements of {@code tensor}. */
  static Scores of(TFloat32 tensor) {
    float[] elements = new float[Math.toIntExact(tensor.size())];
    tensor.copyTo(NdArrays.wrap(tensor.shape(), DataBuffers.of(elements, false, false)));
    return new Scores(tensor.shape(), elements);
  }

  Shape shape() {
    return shape;
  }

  boolean isEmpty() {
    return elements.length == 0;
  }

  /** Returns the size of the last axis; 1 for a scalar. */
  int classes() {
    return shape.numDimensions() == 0 ? 1 : Math.toIntExact(shape.get(shape.numDimensions() - 1));
  }

  /** Returns the number of samples; the output must not be empty. */
  int samples() {
    return elements.length / classes();
  }

  /** Returns the first element that is not finite. */
  OptionalDouble notFinite() {
    return IntStream.range(0, elements.length)
        .mapToDouble(i -> elements[i])
        .filter(element -> !Double.isFinite(element))
        .findFirst();
  }

  /** Returns the sum of the squares, in the order of the elements. */
  double squares() {
    double sum = 0;
    for (float element : elements) {
      sum += (double) element * element;
    }
    return sum;
  }

  /** Returns the sum of the squared differences, in the order of the elements. */
  double squaredDistance(Scores other) {
    double sum = 0;
    for (int i = 0; i < elements.length; i++) {
      double difference = (double) elements[i] - other.elements[i];
      sum += difference * difference;
    }
    return sum;
  }

  /**
   * Returns the number of samples whose highest score, the first if there are several, is at their
   * label.
   */
  long right(List<Integer> labels) {
    return IntStream.range(0, labels.size())
        .filter(sample -> highest(sample) == labels.get(sample))
        .count();
  }

  private int highest(int sample) {
    int start = sample * classes();
    int highest = 0;
    for (int i = 1; i < classes(); i++) {
      if (elements[start + i] > elements[start + highest]) {
        highest = i;
      }
    }
    return highest;
  }
}
