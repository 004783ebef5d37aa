package org.slimquant.deploy.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/**
 * What TensorFlow and the integer engine compute of the same batch, tensor by tensor.
 *
 * @param compared how many codes were compared
 * @param differing how many differ
 * @param tensors the names of the tensors with differences, and how many
 */
public record CodeComparison(long compared, long differing, List<String> tensors) {

  /**
   * Runs both.
   *
   * @param input the operand that the session is fed through
   * @param batch the input's numbers, one example after the other
   */
  public static CodeComparison of(
      Session session, Operand<?> input, IntegerModel model, float[] batch) {
    return of(session, List.of(input), model, List.of(batch));
  }

  /**
   * Runs both.
   *
   * @param inputs the operands that the session is fed through, in the order of the model
   * @param batches each input's numbers, one example after the other
   */
  public static CodeComparison of(
      Session session,
      List<? extends Operand<?>> inputs,
      IntegerModel model,
      List<float[]> batches) {
    IntegerEngine engine = IntegerEngine.of(model);
    Map<String, float[]> named = new LinkedHashMap<>();
    for (int i = 0; i < batches.size(); i++) {
      named.put(model.inputs().get(i).name(), batches.get(i));
    }
    Map<String, int[]> codes =
        engine.trace(
            engine.quantize(named), model.tensors().stream().map(IntegerTensor::name).toList());
    // A name with an apostrophe is of a tensor that TensorFlow does not compute.
    List<IntegerTensor> computed =
        model.tensors().stream()
            .skip(batches.size())
            .filter(tensor -> !tensor.name().contains("'"))
            .toList();
    long compared = 0;
    long differing = 0;
    List<String> tensors = new ArrayList<>();
    Session.Runner runner = session.runner();
    computed.forEach(tensor -> runner.fetch(tensor.name()));
    List<TFloat32> fed = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      fed.add(tensor(model.inputs().get(i), batches.get(i)));
      runner.feed(inputs.get(i), fed.get(i));
    }
    try (Result result = runner.run()) {
      for (int i = 0; i < computed.size(); i++) {
        IntegerTensor tensor = computed.get(i);
        int[] engineCodes = Objects.requireNonNull(codes.get(tensor.name()));
        int differences = differences(tensor, elements((TFloat32) result.get(i)), engineCodes);
        if (differences > 0) {
          tensors.add("%s: %d".formatted(tensor, differences));
        }
        differing += differences;
        compared += engineCodes.length;
      }
    } finally {
      fed.forEach(TFloat32::close);
    }
    return new CodeComparison(compared, differing, tensors);
  }

  private static TFloat32 tensor(IntegerTensor input, float[] batch) {
    long[] shape = BatchShapes.prepend(batch.length / input.size(), input.shape());
    return TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(batch));
  }

  /** A fake quant's numbers must be those of codes; what is rounded later is rounded here. */
  private static int differences(IntegerTensor tensor, float[] numbers, int[] codes) {
    if (numbers.length != codes.length) {
      throw new AssertionError(
          "%s: %d numbers, %d codes".formatted(tensor, numbers.length, codes.length));
    }
    FixedPoint format = tensor.format();
    boolean site = tensor.name().contains("/SlimQuant/");
    return (int)
        IntStream.range(0, codes.length)
            .filter(
                i ->
                    format.quantize(numbers[i]) != codes[i]
                        || (site && format.dequantize(codes[i]) != numbers[i]))
            .count();
  }

  /** Returns the elements of a tensor. */
  public static float[] elements(TFloat32 tensor) {
    float[] elements = new float[Math.toIntExact(tensor.size())];
    tensor.copyTo(NdArrays.wrap(tensor.shape(), DataBuffers.of(elements, false, false)));
    return elements;
  }

  /**
   * Returns a batch that tries much: extremes only in the first three examples, then numbers within
   * the range and beyond it. They lie on a grid so much finer than the codes' that ties come up,
   * and none of the numbers just under a tie that TensorFlow's fake quant rounds up.
   */
  public static float[] batch(IntegerTensor input, int examples, long seed) {
    Random random = new Random(seed);
    FixedPoint format = input.format();
    float[] numbers = new float[examples * input.size()];
    for (int i = 0; i < numbers.length; i++) {
      int example = i / input.size();
      numbers[i] =
          switch (example) {
            case 0 -> format.dequantize(format.maxCode());
            case 1 -> format.dequantize(format.minCode());
            case 2 -> format.dequantize(random.nextBoolean() ? format.maxCode() : format.minCode());
            default -> {
              double code = random.nextGaussian() * 0.5 * format.maxCode();
              int finer = Math.min(8, 23 - format.bits());
              yield (float) Math.scalb(Math.rint(Math.scalb(code, finer)), format.frac() - finer);
            }
          };
    }
    return numbers;
  }
}
