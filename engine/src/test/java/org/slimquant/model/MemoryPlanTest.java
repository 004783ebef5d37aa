package org.slimquant.model;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.testing.RandomModel;
import org.slimquant.model.testing.Variety;

/** Tests the places of tensors. */
final class MemoryPlanTest {

  @Test
  void tensorsOfRandomModels() {
    for (long seed = 0; seed < 500; seed++) {
      IntegerModel model = RandomModel.of(seed, Variety.any().withManyEnds());
      MemoryPlan plan = MemoryPlan.of(model, IntegerTensor::size);
      List<IntegerTensor> tensors = model.tensors();
      int inputs = model.inputs().size();
      for (int i = 0; i < tensors.size(); i++) {
        int end = plan.offset(tensors.get(i).name()) + tensors.get(i).size();
        assertWithMessage("seed %s", seed).that(end).isAtMost(plan.size());
        // While tensor j is computed, earlier tensors are kept if they are read then or later.
        // All inputs are there when the first op runs.
        for (int j = i + 1; j < tensors.size(); j++) {
          boolean same = j >= inputs && model.ops().get(j - inputs) instanceof Reshape;
          if (!same && isReadFrom(model, tensors.get(i), Math.max(0, j - inputs))) {
            assertWithMessage("seed %s, %s and %s", seed, tensors.get(i), tensors.get(j))
                .that(overlap(plan, tensors.get(i), tensors.get(j)))
                .isFalse();
          }
        }
      }
    }
  }

  /** Returns whether a tensor is an output, or is read by the op of an index or a later one. */
  private static boolean isReadFrom(IntegerModel model, IntegerTensor tensor, int op) {
    return model.outputs().contains(tensor)
        || model.ops().stream().skip(op).anyMatch(reader -> reader.inputs().contains(tensor));
  }

  private static boolean overlap(MemoryPlan plan, IntegerTensor a, IntegerTensor b) {
    int first = plan.offset(a.name());
    int second = plan.offset(b.name());
    return first < second + b.size() && second < first + a.size();
  }

  @Test
  void chainNeedsTwoNeighbours() {
    MemoryPlan plan = MemoryPlan.of(chain(10, 30, 20, 25, 5), IntegerTensor::size);

    assertThat(plan.size()).isEqualTo(50);
  }

  @Test
  void roomInUnitsOfTheCaller() {
    MemoryPlan plan = MemoryPlan.of(chain(10, 30, 20), tensor -> 2 * tensor.size());

    assertThat(plan.size()).isEqualTo(100);
  }

  @Test
  void tensorsThatLieElsewhere() {
    MemoryPlan plan =
        MemoryPlan.of(
            chain(10, 30, 20, 40),
            tensor -> List.of("t0", "t3").contains(tensor.name()) ? 0 : tensor.size());

    assertThat(plan.size()).isEqualTo(50);
  }

  @Test
  void reshapeLiesWhereItsInputDoes() {
    FixedPoint format = FixedPoint.signed(8, 0);
    IntegerTensor x = new IntegerTensor("x", List.of(2, 3), format);
    IntegerTensor flat = new IntegerTensor("flat", List.of(6), format);
    IntegerTensor y = new IntegerTensor("y", List.of(6), format);
    IntegerModel model =
        new IntegerModel(
            "m",
            x,
            y,
            List.of(
                new Reshape("reshape", x, flat),
                new Requantize("relu", flat, CodeRange.relu(format), y)));

    MemoryPlan plan = MemoryPlan.of(model, IntegerTensor::size);

    assertThat(plan.offset("flat")).isEqualTo(plan.offset("x"));
    assertThat(plan.size()).isEqualTo(12);
  }

  @Test
  void noRoom() {
    IntegerModel model = chain(10, 20);

    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> MemoryPlan.of(model, tensor -> Integer.MAX_VALUE)))
        .hasMessageThat()
        .isEqualTo(
            "the tensors of model chain must fit into 2147483647 units of memory, but need 4294967294");
    assertThat(
            assertThrows(IllegalArgumentException.class, () -> MemoryPlan.of(model, tensor -> -1)))
        .hasMessageThat()
        .isEqualTo("a tensor must need room or none, but t0 [10] int8 * 2^0 needs -1");
    assertThat(
            assertThrows(
                NoSuchElementException.class,
                () -> MemoryPlan.of(model, IntegerTensor::size).offset("t2")))
        .hasMessageThat()
        .isEqualTo("tensor t2 must be one of the model's, but these are t0, t1");
  }

  /** Returns a model of dense layers with outputs of these sizes. */
  private static IntegerModel chain(int... sizes) {
    FixedPoint format = FixedPoint.signed(8, 0);
    List<IntegerTensor> tensors = new ArrayList<>();
    List<IntegerOp> ops = new ArrayList<>();
    for (int size : sizes) {
      IntegerTensor output = new IntegerTensor("t" + tensors.size(), List.of(size), format);
      if (!tensors.isEmpty()) {
        IntegerTensor input = tensors.get(tensors.size() - 1);
        ops.add(
            new Dense(
                "dense" + ops.size(),
                input,
                Kernel.of(List.of(input.size(), size), format, new int[input.size() * size]),
                Codes.zeros(size),
                CodeRange.all(format),
                output));
      }
      tensors.add(output);
    }
    return new IntegerModel("chain", tensors.get(0), tensors.get(tensors.size() - 1), ops);
  }
}
