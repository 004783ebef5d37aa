package org.slimquant.demo.deployment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.measures.Check;
import org.slimquant.demo.training.Classifier;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerTensor;

/**
 * A comparison of the codes of an integer model with those that TensorFlow computes.
 *
 * @param compared the number of compared codes
 * @param differences for each tensor of the model, in its order, the number of codes that differ
 */
record CodeCheck(long compared, Map<String, Long> differences) {

  private static final int BATCH = 500;

  /**
   * Computes every tensor of the model that the graph has for all images, with the engine and with
   * TensorFlow.
   */
  static CodeCheck of(Classifier classifier, IntegerEngine engine, LabelledImages images) {
    List<IntegerTensor> tensors =
        engine.model().tensors().stream()
            .filter(tensor -> Classifier.computes(tensor.name()))
            .toList();
    List<String> names = tensors.stream().map(IntegerTensor::name).toList();
    long compared = 0;
    Map<String, Long> differences = new LinkedHashMap<>();
    for (LabelledImages batch : images.batches(BATCH)) {
      List<float[]> expected = classifier.fetch(names, batch);
      Map<String, int[]> actual = engine.trace(engine.quantize(batch.pixels()));
      for (int i = 0; i < tensors.size(); i++) {
        int[] codes = Objects.requireNonNull(actual.get(names.get(i)));
        compared += codes.length;
        differences.merge(
            names.get(i), differing(tensors.get(i).format(), expected.get(i), codes), Long::sum);
      }
    }
    return new CodeCheck(compared, differences);
  }

  private static long differing(FixedPoint format, float[] numbers, int[] codes) {
    return IntStream.range(0, codes.length)
        .filter(i -> format.quantize(numbers[i]) != codes[i])
        .count();
  }

  /** Returns the number of codes that differ. */
  long differing() {
    return differences.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the check that no code differs. */
  Check check() {
    String where =
        differences.entrySet().stream()
            .filter(tensor -> tensor.getValue() > 0)
            .map(
                tensor ->
                    String.format(Locale.ROOT, ", %,d in %s", tensor.getValue(), tensor.getKey()))
            .collect(Collectors.joining());
    return Check.of(
        "the integer engine computes TensorFlow's codes in every tensor",
        differing() == 0,
        String.format(
            Locale.ROOT,
            "%d tensors, %,d codes, %,d differ%s",
            differences.size(),
            compared,
            differing(),
            where));
  }
}
