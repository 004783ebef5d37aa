package org.slimquant.deploy.testing;

import java.util.Random;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What stands before and after a convolution that is dilated by SpaceToBatchND.
 *
 * @param kernelSize rows and columns of the kernel
 * @param dilation the blocks of rows and columns
 * @param before what is padded before rows and columns
 * @param after what is padded after them
 * @param cropped what is cropped of the first rows and columns
 */
record SpacedLayer(int kernelSize, int dilation, int before, int after, int cropped) {

  /** Returns one for images that have at least {@code size} rows and columns. */
  static SpacedLayer of(Random random, int size) {
    int kernelSize = 1 + random.nextInt(2);
    int dilation = 1 + random.nextInt(3);
    int gap = (kernelSize - 1) * dilation;
    int before = random.nextInt(gap + 1);
    // At least one place is left after the crop.
    int least = Math.max(0, gap + 2 - size - before);
    return new SpacedLayer(
        kernelSize,
        dilation,
        before,
        least + random.nextInt(gap + 1),
        Math.min(before, random.nextInt(2)));
  }

  Operand<TFloat32> space(Ops tf, Operand<TFloat32> x) {
    long[] shape = x.asOutput().shape().asArray();
    return tf.spaceToBatchNd(
        x,
        tf.array(dilation, dilation),
        tf.constant(
            new int[][] {
              {before, after + rest(shape[1])},
              {before, after + rest(shape[2])}
            }));
  }

  /**
   * Puts the images together again.
   *
   * @param x what went into {@link #space}
   */
  Operand<TFloat32> batch(Ops tf, Operand<TFloat32> sums, Operand<TFloat32> x) {
    long[] shape = x.asOutput().shape().asArray();
    return tf.batchToSpaceNd(
        sums,
        tf.array(dilation, dilation),
        tf.constant(new int[][] {{cropped, rest(shape[1])}, {cropped, rest(shape[2])}}));
  }

  /** Returns what fills padded rows or columns up to whole blocks. */
  private int rest(long size) {
    return (int) Math.floorMod(-(size + before + after), (long) dilation);
  }
}
