package org.slimquant.model;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.testing.TinyModel;

/** Tests the facts that a model returns, and the lists of ops that are not a model. */
final class IntegerModelTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);
  private static final IntegerTensor A = new IntegerTensor("a", List.of(2), INT8);
  private static final IntegerTensor B = new IntegerTensor("b", List.of(2), INT8);
  private static final IntegerTensor C = new IntegerTensor("c", List.of(2), INT8);

  @Test
  void table() {
    assertThat(TinyModel.model().toString())
        .isEqualTo(
            """
            op         type             kernel                        shift  output       shape      format         clamped to
                                                                             images:0     [4, 4, 1]  uint8 * 2^-8
            conv1      Conv2D           [2, 2, 1, 2] int8 * 2^-7..-5  9..11  relu1:0      [4, 4, 2]  int8 * 2^-4    0 .. 127
            pool       MaxPool                                               pool:0       [2, 2, 2]  int8 * 2^-4
            pad        Pad                                                   pad:0        [3, 3, 2]  int8 * 2^-4
            depthwise  DepthwiseConv2D  [2, 2, 2, 1] int4 * 2^-2      2      relu6:0      [2, 2, 2]  int8 * 2^-4    0 .. 96
            add        Add                                                   add:0        [2, 2, 2]  int8 * 2^-3
            concat     Concat                                                concat:0     [2, 2, 4]  int8 * 2^-3
            tile       Tile                                                  tile:0       [4, 2, 4]  int8 * 2^-3
            transpose  Transpose                                             transpose:0  [2, 4, 4]  int8 * 2^-3
            slice      Slice                                                 slice:0      [2, 2, 4]  int8 * 2^-3
            mean       AveragePool                                           mean:0       [1, 1, 4]  int8 * 2^-5
            flat       Reshape                                               flat:0       [4]        int8 * 2^-5
            fine       Requantize                                            fine:0       [4]        int12 * 2^-9
            dense      Dense            [4, 3] uint16 * 2^-12         11     logits:0     [3]        int16 * 2^-10
            """
                .stripTrailing());
  }

  @Test
  void integersOfALayer() {
    WeightedOp conv = TinyModel.model().layer("conv1");

    assertThat(conv.kernel().codes().toArray())
        .isEqualTo(new int[] {1, -2, 3, -4, 127, -127, 0, 9});
    assertThat(conv.kernel().codes().get(5)).isEqualTo(-127);
    assertThat(conv.kernel().format(1)).isEqualTo(FixedPoint.signed(8, -5));
    assertThat(conv.bias()).isEqualTo(Codes.of(-70000, 5));
    assertThat(conv.accumulatorExponent(0)).isEqualTo(-15);
    assertThat(conv.shift(0)).isEqualTo(11);
    assertThat(conv.shift(1)).isEqualTo(9);
  }

  @Test
  void arraysOfTheCallerAreCopied() {
    int[] array = {1, 2};
    Codes codes = Codes.of(array);
    array[0] = 3;
    codes.toArray()[1] = 4;

    assertThat(codes).isEqualTo(Codes.of(1, 2));
    assertThat(codes.toString()).isEqualTo("[1, 2]");
    assertThat(Codes.zeros(17).toString()).isEqualTo("[17 codes]");
  }

  @Test
  void unknownNames() {
    assertThat(assertThrows(NoSuchElementException.class, () -> TinyModel.model().layer("pool")))
        .hasMessageThat()
        .isEqualTo(
            "layer pool must be an op with weights of model small, but it has conv1, depthwise, dense");
    assertThat(assertThrows(NoSuchElementException.class, () -> TinyModel.model().tensor("conv1")))
        .hasMessageThat()
        .isEqualTo(
            "tensor conv1 must be one of model small, but it has images:0, relu1:0, pool:0, pad:0, relu6:0, add:0, concat:0, tile:0, transpose:0, slice:0, mean:0, flat:0, fine:0, logits:0");
  }

  @Test
  void noModel() {
    assertFails("model m must have an op, but has none", A, A);
    assertFails(
        "op r must read tensors that were computed before, but reads b [2] int8 * 2^-4",
        A,
        C,
        relu("r", B, C));
    assertFails(
        "op r must read tensor a as it was computed, a [2] int8 * 2^-4, but reads it as a [2] int8 * 2^-5",
        A,
        B,
        relu("r", new IntegerTensor("a", List.of(2), FixedPoint.signed(8, -5)), B));
    assertFails(
        "model m must read tensors that were computed before, but reads c [2] int8 * 2^-4",
        A,
        C,
        relu("r", A, B));
    assertFails(
        "the ops of model m must have names of their own, but two are called r",
        A,
        C,
        relu("r", A, B),
        relu("r", B, C));
    assertFails(
        "the tensors of model m must have names of their own, but two are called a",
        A,
        A,
        relu("r", A, A));
  }

  @Test
  void severalInputsAndOutputs() {
    IntegerModel model =
        new IntegerModel(
            "m",
            List.of(B, A),
            List.of(C, B),
            List.of(new Add("add", A, B, CodeRange.all(INT8), C)));

    assertThat(model.tensors()).containsExactly(B, A, C).inOrder();
    assertThat(model.toString())
        .isEqualTo(
            """
            op   type  kernel  shift  output  shape  format       clamped to
                                      b       [2]    int8 * 2^-4
                                      a       [2]    int8 * 2^-4
            add  Add                  c       [2]    int8 * 2^-4
            outputs: c, b""");
    assertThat(assertThrows(IllegalStateException.class, model::input))
        .hasMessageThat()
        .isEqualTo("model m must have one input for input(), but has b, a; call inputs()");
    assertThat(assertThrows(IllegalStateException.class, model::output))
        .hasMessageThat()
        .isEqualTo("model m must have one output for output(), but has c, b; call outputs()");
  }

  @Test
  void noInputsAndOutputs() {
    assertFails("model m must have an input, but has none", List.of(), List.of(B));
    assertFails("model m must have an output, but has none", List.of(A), List.of());
    assertFails(
        "the tensors of model m must have names of their own, but two are called a",
        List.of(A, A),
        List.of(B));
    assertFails(
        "every input of model m must be read by an op, but c is not; leave it out",
        List.of(A, C),
        List.of(B));
    assertFails(
        "the outputs of model m must be different tensors, but b is listed twice; list it once",
        List.of(A),
        List.of(B, A, B));
  }

  private static void assertFails(
      String message, List<IntegerTensor> inputs, List<IntegerTensor> outputs) {
    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> new IntegerModel("m", inputs, outputs, List.of(relu("r", A, B)))))
        .hasMessageThat()
        .isEqualTo(message);
  }

  private static Requantize relu(String name, IntegerTensor input, IntegerTensor output) {
    return new Requantize(name, input, CodeRange.relu(output.format()), output);
  }

  private static void assertFails(
      String message, IntegerTensor input, IntegerTensor output, IntegerOp... ops) {
    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> new IntegerModel("m", input, output, List.of(ops))))
        .hasMessageThat()
        .isEqualTo(message);
  }
}
