package org.slimquant.runtime.gradient;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Scope;
import org.tensorflow.types.TInt32;

/**
 * The paddings of a SpaceToBatchND and the crops of the BatchToSpaceND after it, between which a
 * convolution without dilation computes one with dilation d.
 *
 * <p>SpaceToBatchND deals the elements of an axis out to d images, so that the elements i, i + d, i
 * + 2d … become neighbours. With k elements of the kernel, n of the axis, and p in all of padding,
 * n + p is first filled up to the next multiple of d; the convolution then has n + p + rest - (k -
 * 1)·d places in all images together, of which the rest is cropped.
 *
 * <p>If the graph knows the sizes of the axes, both are constants. If it does not, ops compute them
 * when it runs, by the formulas of {@link AxisWindow}.
 *
 * @param blocks the dilation along each axis but batch and channels
 * @param paddings the padding before and after each of them
 * @param crops the elements that are cropped from each of them again
 */
record BatchedSpace(Output<TInt32> blocks, Output<TInt32> paddings, Output<TInt32> crops) {

  /**
   * Adds the ops that a SpaceToBatchND and a BatchToSpaceND read.
   *
   * @param name the prefix of the ops' names
   * @param windows the window along each axis of {@code x} from the second on
   */
  static BatchedSpace add(Scope scope, String name, Output<?> x, List<AxisWindow> windows) {
    Output<TInt32> blocks =
        IntegerConstants.vector(scope, name + "/blocks", ints(windows, AxisWindow::dilation));
    Shape shape = x.shape();
    boolean known =
        !shape.isUnknown()
            && IntStream.rangeClosed(1, windows.size()).allMatch(axis -> shape.get(axis) >= 0);
    return known
        ? ofSizes(scope, name, blocks, shape, windows)
        : new Computed(scope, name, windows).of(blocks, x);
  }

  private static BatchedSpace ofSizes(
      Scope scope, String name, Output<TInt32> blocks, Shape shape, List<AxisWindow> windows) {
    int[] before = new int[windows.size()];
    int[] after = new int[windows.size()];
    int[] rest = new int[windows.size()];
    for (int i = 0; i < rest.length; i++) {
      int size = Math.toIntExact(shape.get(i + 1));
      rest[i] = windows.get(i).rest(size);
      before[i] = windows.get(i).before(size);
      after[i] = windows.get(i).after(size) + rest[i];
    }
    return new BatchedSpace(
        blocks,
        IntegerConstants.pairs(scope, name + "/paddings", before, after),
        IntegerConstants.pairs(scope, name + "/crops", new int[rest.length], rest));
  }

  private static int[] ints(List<AxisWindow> windows, ToIntFunction<AxisWindow> number) {
    return windows.stream().mapToInt(number).toArray();
  }

  /** Ops that compute paddings and crops from the sizes that an input has when it is fed. */
  private record Computed(Scope scope, String name, List<AxisWindow> windows) {

    BatchedSpace of(Output<TInt32> blocks, Output<?> x) {
      Output<TInt32> shape = op("Shape", "shape", x);
      Output<TInt32> sizes =
          op(
              "Slice",
              "sizes",
              shape,
              IntegerConstants.vector(scope, name + "/first", 1),
              IntegerConstants.vector(scope, name + "/axes", windows.size()));
      Output<TInt32> before;
      Output<TInt32> after;
      if (windows.stream().anyMatch(AxisWindow::same)) {
        Output<TInt32> missing = missing(sizes);
        before = op("FloorDiv", "before", missing, constant("twos", ints(windows, window -> 2)));
        after = op("Sub", "after", missing, before);
      } else {
        before = constant("before", ints(windows, window -> window.before()));
        after = constant("after", ints(windows, window -> window.after()));
      }
      Output<TInt32> padded =
          op("AddV2", "padded", op("AddV2", "withBefore", sizes, before), after);
      Output<TInt32> rest = op("FloorMod", "rest", op("Neg", "negated", padded), blocks);
      Output<TInt32> none = constant("none", new int[windows.size()]);
      return new BatchedSpace(
          blocks,
          pack("paddings", before, op("AddV2", "afterAndRest", after, rest)),
          pack("crops", none, rest));
    }

    /** Returns the whole padding of SAME, before and after. */
    private Output<TInt32> missing(Output<TInt32> sizes) {
      Output<TInt32> strides = constant("strides", ints(windows, AxisWindow::stride));
      Output<TInt32> almost = constant("almost", ints(windows, window -> window.stride() - 1));
      Output<TInt32> places = op("FloorDiv", "places", op("AddV2", "up", sizes, almost), strides);
      Output<TInt32> ones = constant("ones", ints(windows, window -> 1));
      Output<TInt32> last = op("Mul", "last", op("Sub", "moves", places, ones), strides);
      Output<TInt32> end =
          op("AddV2", "end", last, constant("spans", ints(windows, AxisWindow::span)));
      return op(
          "Maximum",
          "missing",
          op("Sub", "beyond", end, sizes),
          constant("zeros", new int[windows.size()]));
    }

    private Output<TInt32> constant(String what, int... elements) {
      return IntegerConstants.vector(scope, name + "/" + what, elements);
    }

    private Output<TInt32> op(String type, String what, Output<?>... inputs) {
      OperationBuilder builder = scope.env().opBuilder(type, name + "/" + what, scope);
      for (Output<?> input : inputs) {
        builder.addInput(input);
      }
      return builder.build().output(0);
    }

    private Output<TInt32> pack(String what, Output<TInt32> first, Output<TInt32> second) {
      return scope
          .env()
          .opBuilder("Pack", name + "/" + what, scope)
          .addInputList(new Output<?>[] {first, second})
          .setAttr("axis", 1)
          .build()
          .output(0);
    }
  }
}
