package org.slimquant.engine;

/**
 * The memory that a step needs besides the tensors, in the units of {@link Workspace}.
 *
 * @param channels the sums of output channels
 * @param row the codes of a row of a pooled image, before or after the pooling
 * @param groups the doubles that the output channels of a convolution take: see {@link
 *     ChannelPacking}
 * @param patch the elements of a patch: see {@link PlanarLayout}
 * @param pixels the pixels of a tile
 */
record Scratch(int channels, int row, int groups, int patch, int pixels) {

  /** No memory besides the tensors. */
  static final Scratch NONE = new Scratch(0, 0, 0, 0, 0);

  /** Returns sums for a number of output channels. */
  static Scratch ofChannels(int channels) {
    return new Scratch(channels, 0, 0, 0, 0);
  }

  /** Returns rows of a number of codes. */
  static Scratch ofRow(int row) {
    return new Scratch(0, row, 0, 0, 0);
  }

  /** Returns sums and patches for the pixels of a tile. */
  static Scratch ofTile(int groups, int patch, int pixels) {
    return new Scratch(0, 0, groups, patch, pixels);
  }

  /** Returns the memory that is enough for either of two steps, which run one after the other. */
  Scratch max(Scratch other) {
    return new Scratch(
        Math.max(channels, other.channels),
        Math.max(row, other.row),
        Math.max(groups, other.groups),
        Math.max(patch, other.patch),
        Math.max(pixels, other.pixels));
  }
}
