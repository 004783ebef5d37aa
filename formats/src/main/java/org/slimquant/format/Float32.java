package org.slimquant.format;

/** The integers that float32 represents exactly. */
public final class Float32 {

  /** The bits of a significand. */
  public static final int SIGNIFICAND_BITS = 24;

  /** The largest integer up to which float32 has every integer. It lacks 2^24 + 1. */
  public static final int LARGEST_EXACT = 1 << SIGNIFICAND_BITS;

  private Float32() {}
}
