package org.slimquant.model;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.check.Shapes;

/** Tests the refusals of tensors, kernels and ops. */
final class OpErrorsTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);
  private static final CodeRange ALL = CodeRange.all(INT8);
  private static final IntegerTensor IMAGE = tensor("image", 4, 4, 2);
  private static final IntegerTensor ROW = tensor("row", 6);

  @Test
  void names() {
    assertFails(
        () -> new IntegerTensor("", List.of(), INT8),
        "a tensor must have a name, but its name is empty");
    assertFails(
        () -> new Reshape("", ROW, tensor("y", 6)),
        "an op must have a name, but its name is empty");
    assertFails(
        () -> new IntegerTensor("x\uD800", List.of(), INT8),
        "the name of a tensor must be Unicode text, but \"x\uD800\" has half a character");
  }

  @Test
  void sizes() {
    assertFails(
        () -> tensor("x", 1 << 14, 0),
        "the dimensions of tensor x must be positive, but are [16384, 0]");
    assertFails(
        () -> tensor("x", 1 << 14, 1 << 14, 2),
        "tensor x must have at most 268435456 elements, but has shape [16384, 16384, 2]");
    assertFails(
        () -> tensor("x", Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE),
        "tensor x must have at most 268435456 elements, but has shape [2147483647, 2147483647, 2147483647]");
  }

  @Test
  void kernels() {
    assertFails(
        () -> Kernel.of(List.of(2, 2), INT8, 1, 2, 3),
        "a kernel of shape [2, 2] must have 4 codes, but has 3");
    assertFails(
        () -> Kernel.of(List.of(1 << 14, 1 << 15), INT8, 1),
        "a kernel must have at most 268435456 elements, but has shape [16384, 32768]");
    assertFails(
        () -> Kernel.of(List.of(1, 2), FixedPoint.signed(4, 0), 7, 8),
        "the codes of a kernel of 4 bits must be between -7 and 7, but code 1 is 8");
    assertFails(
        () -> Kernel.of(List.of(1, 2), FixedPoint.unsigned(4, 0), 15, -1),
        "the codes of a kernel of 4 bits must be between 0 and 15, but code 1 is -1");
    assertFails(
        () -> new Kernel(List.of(1), 8, true, List.of(), Codes.zeros(1)),
        "a kernel must have an exponent, but has none");
    assertFails(
        () -> new Kernel(List.of(1, 2), 8, true, List.of(0, 200), Codes.zeros(2)),
        "frac must be between -126 and 120 at 8 bits, or step or range leave normal float32, but is 200");
  }

  @Test
  void windows() {
    assertFails(
        () -> Window.of(0, 1),
        "the sizes, strides and dilations of a window must be between 1 and 268435456, but one is 0");
    assertFails(
        () -> Window.of(1 << 20, 1).withDilations(1 << 20, 1),
        "a window must span at most 268435456 rows and columns, but spans 1099510579201");
    assertFails(
        () -> new Padding(0, 0, -1, 0), "a padding must be between 0 and 268435456, but is -1");
  }

  @Test
  void samePadding() {
    assertThat(Window.of(3, 3).withSamePadding(8, 8).padding()).isEqualTo(new Padding(1, 1, 1, 1));
    assertThat(Window.of(2, 2).withSamePadding(8, 8).padding()).isEqualTo(new Padding(0, 1, 0, 1));
    Window window = Window.of(3, 5).withStrides(2, 3).withDilations(2, 1).withSamePadding(8, 10);
    assertThat(window.padding()).isEqualTo(new Padding(1, 2, 2, 2));
    assertThat(window.outputRows(8)).isEqualTo(4);
    assertThat(window.outputColumns(10)).isEqualTo(4);
    // The strides skip the remaining elements, so no element is missing.
    assertThat(Window.of(1, 1).withStrides(3, 3).withSamePadding(8, 9).padding())
        .isEqualTo(Padding.NONE);
  }

  @Test
  void layers() {
    assertFails(
        () -> conv(ROW, kernel(3, 3, 2, 2), Window.of(3, 3), tensor("y", 2, 2, 2)),
        "op c (Conv2D) must have tensors of 3 dimensions without the batch, but has row [6] int8 * 2^-4");
    assertFails(
        () -> conv(IMAGE, kernel(3, 3), Window.of(3, 3), tensor("y", 2, 2, 2)),
        "op c (Conv2D) must have a kernel of 4 dimensions, but has one of shape [3, 3]");
    assertFails(
        () -> conv(IMAGE, kernel(3, 3, 2, 2), Window.of(3, 2), tensor("y", 2, 2, 2)),
        "op c (Conv2D) must have a window as large as its kernel of shape [3, 3, 2, 2], but has one of 3 x 2");
    assertFails(
        () -> conv(IMAGE, kernel(3, 3, 1, 2), Window.of(3, 3), tensor("y", 2, 2, 2)),
        "op c (Conv2D) must have a kernel for the channels of its input image [4, 4, 2] int8 * 2^-4, but has one of shape [3, 3, 1, 2]");
    assertFails(
        () -> conv(IMAGE, kernel(3, 3, 2, 3), Window.of(3, 3), tensor("y", 2, 2, 3)),
        "op c (Conv2D) must have a bias for each of its 3 output channels, but has 2");
    assertFails(
        () -> conv(IMAGE, kernel(5, 1, 2, 2), Window.of(5, 1), tensor("y", 2, 2, 2)),
        "op c (Conv2D) must have a window that fits into its padded input image [4, 4, 2] int8 * 2^-4, but has Window[height=5, width=1, strideHeight=1, strideWidth=1, dilationHeight=1, dilationWidth=1, padding=0 0 0 0]");
    assertFails(
        () -> conv(IMAGE, kernel(3, 3, 2, 2), Window.of(3, 3), tensor("y", 2, 3, 2)),
        "op c (Conv2D) must have an output of shape [2, 2, 2], but has y [2, 3, 2] int8 * 2^-4");
    assertFails(
        () ->
            new Dense(
                "d",
                ROW,
                new Kernel(List.of(6, 3), 8, true, List.of(0, 1), Codes.zeros(18)),
                Codes.zeros(3),
                ALL,
                tensor("y", 3)),
        "op d (Dense) must have one exponent or one for each of its 3 output channels, but has 2");
    assertFails(
        () ->
            new DepthwiseConv2D(
                "d",
                IMAGE,
                kernel(1, 1, 2, 3),
                Codes.zeros(6),
                Window.of(1, 1),
                new CodeRange(0, 128),
                tensor("y", 4, 4, 6)),
        "op d (DepthwiseConv2D) must clamp to codes of its output y [4, 4, 6] int8 * 2^-4, but clamps to 0 .. 128");
  }

  @Test
  void pools() {
    assertFails(
        () -> new MaxPool("p", IMAGE, Window.of(2, 2).withDilations(2, 1), tensor("y", 2, 3, 2)),
        "op p (MaxPool) must have a window without dilation, but has Window[height=2, width=2, strideHeight=1, strideWidth=1, dilationHeight=2, dilationWidth=1, padding=0 0 0 0]");
    assertFails(
        () ->
            new AveragePool(
                "p",
                IMAGE,
                Window.of(2, 2).withPadding(new Padding(0, 0, 0, 2)),
                ALL,
                tensor("y", 3, 5, 2)),
        "op p (AveragePool) must have a padding smaller than its window, so that every window has an element, but has Window[height=2, width=2, strideHeight=1, strideWidth=1, dilationHeight=1, dilationWidth=1, padding=0 0 0 2]");
    assertFails(
        () ->
            new MaxPool(
                "p",
                IMAGE,
                Window.of(4, 4),
                new IntegerTensor("y", List.of(1, 1, 2), FixedPoint.signed(8, -5))),
        "op p (MaxPool) must have an output of the format of its input, int8 * 2^-4, but has y [1, 1, 2] int8 * 2^-5; put a Requantize after it");
    assertFails(
        () ->
            new AveragePool(
                "p",
                IMAGE,
                Window.of(4, 4),
                ALL,
                new IntegerTensor("y", List.of(2), FixedPoint.signed(8, -21))),
        "op p (AveragePool) must have an output whose step is at most 2^16 times finer than the input's, but has y [2] int8 * 2^-21 from image [4, 4, 2] int8 * 2^-4");
    assertFails(
        () -> new AveragePool("p", IMAGE, Window.of(3, 3), ALL, tensor("y", 2)),
        "op p (AveragePool) must have an output of shape [2, 2, 2], but has y [2] int8 * 2^-4");
  }

  @Test
  void joins() {
    assertFails(
        () -> new Add("a", IMAGE, ROW, ALL, tensor("y", 6)),
        "op a (Add) must have inputs of as many axes each, but has image [4, 4, 2] int8 * 2^-4 and row [6] int8 * 2^-4");
    assertFails(
        () ->
            new Add(
                "a",
                ROW,
                new IntegerTensor("x", List.of(6), FixedPoint.signed(8, 29)),
                ALL,
                tensor("y", 6)),
        "op a (Add) must have inputs whose steps are at most 2^32 apart, but has row [6] int8 * 2^-4 and x [6] int8 * 2^29");
    assertFails(
        () -> new Multiply("m", IMAGE, tensor("x", 4, 2, 1), ALL, IMAGE),
        "op m (Multiply) must have inputs of one shape, or of length 1 on an axis where they differ, but has image [4, 4, 2] int8 * 2^-4 and x [4, 2, 1] int8 * 2^-4");
    assertFails(
        () -> new Maximum("m", IMAGE, tensor("x", 1, 4, 1), ALL, ROW),
        "op m (Maximum) must have an output of shape [4, 4, 2], but has row [6] int8 * 2^-4");
    assertFails(
        () -> new Concat("c", List.of(), 0, ALL, ROW),
        "op c (Concat) must have an input, but has none");
    assertFails(
        () -> new Concat("c", List.of(ROW), 1, ALL, ROW),
        "op c (Concat) must have an axis of its inputs row [6] int8 * 2^-4, but has axis 1");
    assertFails(
        () -> new Concat("c", List.of(IMAGE, tensor("x", 4, 3, 2)), 2, ALL, tensor("y", 4, 4, 4)),
        "op c (Concat) must have inputs that are alike but for axis 2, but has image [4, 4, 2] int8 * 2^-4 and x [4, 3, 2] int8 * 2^-4");
    assertFails(
        () -> new Concat("c", List.of(IMAGE, IMAGE), 2, ALL, tensor("y", 4, 4, 3)),
        "op c (Concat) must have an output of shape [4, 4, 4], but has y [4, 4, 3] int8 * 2^-4");
  }

  @Test
  void movers() {
    assertFails(
        () -> new Pad("p", ROW, List.of(1, 1), List.of(1), tensor("y", 8)),
        "op p (Pad) must have a padding for each axis of its input row [6] int8 * 2^-4, but has [1, 1] and [1]");
    assertFails(
        () -> new Pad("p", ROW, List.of(1), List.of(1), -128, tensor("y", 8)),
        "op p (Pad) must pad with a code of its output y [8] int8 * 2^-4, but pads with -128");
    assertFails(
        () -> new Pad("p", ROW, List.of(-1), List.of(1), ROW),
        "op p (Pad) must have paddings between 0 and 268435456, but has [-1] and [1]");
    assertFails(
        () -> new Pad("p", ROW, List.of(Integer.MAX_VALUE), List.of(1), ROW),
        "op p (Pad) must have paddings between 0 and 268435456, but has [2147483647] and [1]");
    assertFails(
        () -> new Slice("s", ROW, List.of(0, 0), List.of(1), ROW),
        "op s (Slice) must have a begin and a stride for each axis of its input row [6] int8 * 2^-4, but has [0, 0] and [1]");
    assertFails(
        () -> new Slice("s", ROW, List.of(0), List.of(1), IMAGE),
        "op s (Slice) must have tensors of 1 dimensions without the batch, but has image [4, 4, 2] int8 * 2^-4");
    assertFails(
        () -> new Slice("s", ROW, List.of(0), List.of(0), tensor("y", 6)),
        "op s (Slice) must have strides other than 0, but has [0]; use a Tile to repeat elements");
    assertFails(
        () -> new Slice("s", ROW, List.of(3), List.of(2), tensor("y", 3)),
        "op s (Slice) must have elements of its input row [6] int8 * 2^-4, but has those from 3 to 7 along axis 0");
    assertFails(
        () ->
            new Slice(
                "s", ROW, List.of(0), List.of(Integer.MIN_VALUE), tensor("y", Shapes.MAX_SIZE)),
        "op s (Slice) must have elements of its input row [6] int8 * 2^-4, but has those from 0 to -576460750155939840 along axis 0");
    assertFails(
        () -> new Transpose("t", IMAGE, List.of(0, 2, 2), IMAGE),
        "op t (Transpose) must have a permutation of the axes of its input image [4, 4, 2] int8 * 2^-4, but has [0, 2, 2]");
    assertFails(
        () -> new Transpose("t", IMAGE, List.of(2, 0, 1), IMAGE),
        "op t (Transpose) must have an output of shape [2, 4, 4], but has image [4, 4, 2] int8 * 2^-4");
    assertFails(
        () -> new Tile("t", ROW, List.of(1, 1), ROW),
        "op t (Tile) must have a number of repeats for each axis of its input row [6] int8 * 2^-4, but has [1, 1]");
    assertFails(
        () -> new Tile("t", ROW, List.of(0), ROW),
        "op t (Tile) must have an output of 1 to 268435456 elements along each axis, but has repeats [0] of row [6] int8 * 2^-4");
    assertFails(
        () -> new Tile("t", ROW, List.of(2), ROW),
        "op t (Tile) must have an output of shape [12], but has row [6] int8 * 2^-4");
    assertFails(
        () -> new Reshape("r", IMAGE, ROW),
        "op r (Reshape) must have an output of as many elements as its input image [4, 4, 2] int8 * 2^-4, but has row [6] int8 * 2^-4");
    assertFails(
        () -> new Requantize("r", ROW, ALL, tensor("y", 5)),
        "op r (Requantize) must have an output of shape [6], but has y [5] int8 * 2^-4");
  }

  private static Conv2D conv(
      IntegerTensor input, Kernel kernel, Window window, IntegerTensor output) {
    return new Conv2D("c", input, kernel, Codes.zeros(2), window, ALL, output);
  }

  private static Kernel kernel(Integer... shape) {
    return Kernel.of(
        List.of(shape), INT8, new int[List.of(shape).stream().reduce(1, (a, b) -> a * b)]);
  }

  private static IntegerTensor tensor(String name, Integer... shape) {
    return new IntegerTensor(name, List.of(shape), INT8);
  }

  private static void assertFails(Executable run, String message) {
    assertThat(assertThrows(IllegalArgumentException.class, run))
        .hasMessageThat()
        .isEqualTo(message);
  }
}
