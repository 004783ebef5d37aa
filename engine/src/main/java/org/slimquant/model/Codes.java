package org.slimquant.model;

import java.util.Arrays;
import java.util.stream.IntStream;

/** An immutable row of integers: the codes of a kernel or of a bias. */
public final class Codes {

  private final int[] codes;

  private Codes(int[] codes) {
    this.codes = codes;
  }

  /** Returns these codes. */
  public static Codes of(int... codes) {
    return new Codes(codes.clone());
  }

  /** Returns {@code size} zeros, the bias of a layer that has none. */
  public static Codes zeros(int size) {
    return new Codes(new int[size]);
  }

  /** Returns the number of codes. */
  public int size() {
    return codes.length;
  }

  /**
   * Returns the code at an index, counted from 0.
   *
   * @throws IndexOutOfBoundsException if there is no such index
   */
  public int get(int index) {
    return codes[index];
  }

  /** Returns the codes in a new array. */
  public int[] toArray() {
    return codes.clone();
  }

  /** Returns the codes in order. */
  public IntStream stream() {
    return Arrays.stream(codes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Codes that && Arrays.equals(codes, that.codes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(codes);
  }

  /** Returns the codes as a list, or their number if they would fill more than a line. */
  @Override
  public String toString() {
    return codes.length <= 16 ? Arrays.toString(codes) : "[%d codes]".formatted(codes.length);
  }
}
