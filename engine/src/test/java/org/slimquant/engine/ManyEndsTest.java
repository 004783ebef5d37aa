package org.slimquant.engine;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Requantize;
import org.slimquant.model.testing.RandomCodes;
import org.slimquant.model.testing.RandomModel;
import org.slimquant.model.testing.Variety;

/** Tests models with several inputs and outputs in the engine. */
final class ManyEndsTest {

  private static final int MODELS = 500;
  private static final int BATCH = 3;

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);
  private static final IntegerTensor LEFT = new IntegerTensor("left", List.of(2), INT8);
  private static final IntegerTensor RIGHT = new IntegerTensor("right", List.of(2), INT8);

  @Test
  void everyTensorOfRandomModels() {
    for (long seed = 0; seed < MODELS; seed++) {
      IntegerModel model = RandomModel.of(seed, Variety.any().withManyEnds());
      Map<String, int[]> inputs = RandomCodes.ofInputs(seed, model, BATCH);
      IntegerEngine engine = IntegerEngine.of(model);

      Map<String, int[]> traced =
          engine.trace(inputs, model.tensors().stream().map(IntegerTensor::name).toList());
      Map<String, int[]> outputs = engine.runCodes(inputs);

      for (int example = 0; example < BATCH; example++) {
        Map<String, int[]> one = new HashMap<>();
        for (IntegerTensor input : model.inputs()) {
          one.put(input.name(), example(inputs, input, example));
        }
        Map<String, int[]> expected = Oracle.run(model, one);
        for (IntegerTensor tensor : model.tensors()) {
          assertWithMessage("seed %s, example %s, %s of\n%s", seed, example, tensor, model)
              .that(example(traced, tensor, example))
              .isEqualTo(expected.get(tensor.name()));
        }
      }
      assertWithMessage("seed %s", seed)
          .that(outputs.keySet())
          .containsExactlyElementsIn(model.outputs().stream().map(IntegerTensor::name).toList())
          .inOrder();
      outputs.forEach(
          (name, codes) ->
              assertWithMessage("%s of\n%s", name, model).that(codes).isEqualTo(traced.get(name)));
    }
  }

  private static int[] example(Map<String, int[]> batch, IntegerTensor tensor, int example) {
    int[] codes = batch.getOrDefault(tensor.name(), new int[0]);
    return Arrays.copyOfRange(codes, example * tensor.size(), (example + 1) * tensor.size());
  }

  @Test
  void realNumbers() {
    for (long seed = 0; seed < MODELS; seed++) {
      IntegerModel model = RandomModel.of(seed, Variety.any().withManyEnds());
      Map<String, int[]> codes = RandomCodes.ofInputs(seed, model, BATCH);
      Map<String, float[]> reals = reals(model.inputs(), codes);
      IntegerEngine engine = IntegerEngine.of(model);

      Map<String, int[]> quantized = engine.quantize(reals);
      Map<String, float[]> outputs = engine.runReals(reals);

      Map<String, float[]> expected = reals(model.outputs(), engine.runCodes(codes));
      codes.forEach((name, batch) -> assertThat(quantized.get(name)).isEqualTo(batch));
      assertThat(outputs.keySet()).containsExactlyElementsIn(expected.keySet()).inOrder();
      expected.forEach((name, batch) -> assertThat(outputs.get(name)).isEqualTo(batch));
    }
  }

  private static Map<String, float[]> reals(
      List<IntegerTensor> tensors, Map<String, int[]> batches) {
    Map<String, float[]> reals = new LinkedHashMap<>();
    for (IntegerTensor tensor : tensors) {
      int[] codes = batches.getOrDefault(tensor.name(), new int[0]);
      float[] numbers = new float[codes.length];
      for (int i = 0; i < codes.length; i++) {
        numbers[i] = tensor.format().dequantize(codes[i]);
      }
      reals.put(tensor.name(), numbers);
    }
    return reals;
  }

  @Test
  void noExamples() {
    Map<String, int[]> outputs =
        IntegerEngine.of(sum()).runCodes(Map.of("left", new int[0], "right", new int[0]));

    assertThat(outputs.keySet()).containsExactly("clamped", "sum").inOrder();
    assertThat(outputs.get("sum")).isEmpty();
  }

  @Test
  void wrongInputs() {
    IntegerEngine engine = IntegerEngine.of(sum());
    assertFails(
        engine,
        Map.of("left", new int[2]),
        "the inputs of model m must have the names left, right, but have left");
    assertFails(
        engine,
        Map.of("left", new int[2], "right", new int[2], "more", new int[2]),
        "the inputs of model m must have the names left, right, but have left, more, right");
    assertFails(
        engine,
        Map.of("left", new int[4], "right", new int[2]),
        "the inputs of model m must have the same number of examples, but left has 2 and right has 1");
    assertFails(
        engine,
        Map.of("left", new int[2], "right", new int[3]),
        "the input right of model m must have a multiple of 2 numbers for right [2] int8 * 2^-4, but has 3");
    assertFails(
        engine,
        Map.of("left", new int[2], "right", new int[] {0, 128}),
        "the input right of model m must have codes between -127 and 127, but number 1 is 128");
    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () ->
                    engine.runReals(
                        Map.of("left", new float[] {Float.NaN, 0}, "right", new float[2]))))
        .hasMessageThat()
        .isEqualTo("the input left of model m must have numbers, but number 0 is NaN");
  }

  private static void assertFails(IntegerEngine engine, Map<String, int[]> inputs, String message) {
    assertThat(assertThrows(IllegalArgumentException.class, () -> engine.runCodes(inputs)))
        .hasMessageThat()
        .isEqualTo(message);
  }

  @Test
  void arraysForAModelWithSeveral() {
    IntegerEngine twoInputs = IntegerEngine.of(sum());
    String message =
        "model m must have one input to be given an array, but has left, right; give a map from names to arrays";
    assertRefused(() -> twoInputs.run(new int[2]), message);
    assertRefused(() -> twoInputs.quantize(new float[2]), message);
    assertRefused(() -> twoInputs.trace(new int[2]), message);
    IntegerTensor clamped = new IntegerTensor("clamped", List.of(2), INT8);
    IntegerEngine twoOutputs =
        IntegerEngine.of(
            new IntegerModel(
                "m",
                List.of(LEFT),
                List.of(LEFT, clamped),
                List.of(new Requantize("relu", LEFT, CodeRange.relu(INT8), clamped))));
    assertRefused(
        () -> twoOutputs.run(new float[2]),
        "model m must have one output to return an array, but has left, clamped; call runCodes or runReals, which return a map");
  }

  private static void assertRefused(Runnable run, String message) {
    assertThat(assertThrows(IllegalStateException.class, run::run))
        .hasMessageThat()
        .isEqualTo(message);
  }

  /** Returns {@code left + right}, and the sum clamped at 0, in the other order. */
  private static IntegerModel sum() {
    IntegerTensor sum = new IntegerTensor("sum", List.of(2), INT8);
    IntegerTensor clamped = new IntegerTensor("clamped", List.of(2), INT8);
    return new IntegerModel(
        "m",
        List.of(LEFT, RIGHT),
        List.of(clamped, sum),
        List.of(
            new Add("add", LEFT, RIGHT, CodeRange.all(INT8), sum),
            new Requantize("relu", sum, CodeRange.relu(INT8), clamped)));
  }
}
