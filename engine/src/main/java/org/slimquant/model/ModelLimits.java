package org.slimquant.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * The limits of the resources that a model's file may require. A short file can describe gigabytes
 * of tensors and hours of work.
 *
 * <pre>{@code
 * IntegerModel.read(file, ModelLimits.DEFAULT.withProducts(1L << 40))
 * }</pre>
 *
 * <p>The defaults hold for every usual network: VGG-16 has 138 megabytes, tensors of 26 megabytes
 * and 15.5 billion products for each example.
 *
 * @param bytes the largest number of bytes of the file
 * @param ops the largest number of ops, and that of inputs
 * @param memory the largest number of bytes that the tensors of one example take in an {@code
 *     IntegerEngine}, as a {@link MemoryPlan} places them. It includes a copy of each kernel for
 *     every further op that shares it, with four bytes for each code
 * @param products the largest number of products for each example; for an op without weights, the
 *     codes that it reads are counted
 */
public record ModelLimits(int bytes, int ops, long memory, long products) {

  /** 2^30 bytes of file, 10,000 ops, 2^29 bytes of memory, 2^36 products. */
  public static final ModelLimits DEFAULT = new ModelLimits(1 << 30, 10_000, 1L << 29, 1L << 36);

  static final String REMEDY = "read it with larger ModelLimits if you trust it";

  // Tensors of ops, ops, kernels and biases: at most one record for each op. Inputs are limited
  // like ops.
  private static final int LISTS = 5;

  /**
   * Creates limits.
   *
   * @throws IllegalArgumentException if a limit is not positive
   */
  public ModelLimits {
    if (bytes < 1 || ops < 1 || memory < 1 || products < 1) {
      throw new IllegalArgumentException(
          "limits must be positive, but are %d bytes, %d ops, %d bytes of memory, %d products"
              .formatted(bytes, ops, memory, products));
    }
  }

  /** Returns these limits with another size of the file. */
  public ModelLimits withBytes(int other) {
    return new ModelLimits(other, ops, memory, products);
  }

  /** Returns these limits with another number of ops. */
  public ModelLimits withOps(int other) {
    return new ModelLimits(bytes, other, memory, products);
  }

  /** Returns these limits with other bytes of memory. */
  public ModelLimits withMemory(long other) {
    return new ModelLimits(bytes, ops, other, products);
  }

  /** Returns these limits with another number of products. */
  public ModelLimits withProducts(long other) {
    return new ModelLimits(bytes, ops, memory, other);
  }

  /**
   * Checks the number of records in a model's message, before an object for each is made.
   *
   * @throws IllegalArgumentException if they are too many, or the message is damaged
   */
  void checkRecords(ByteString body) {
    CodedInputStream in = body.newCodedInput();
    long records = 0;
    try {
      for (int tag = in.readTag(); tag != 0 && in.skipField(tag); tag = in.readTag()) {
        records++;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("an integer model must be whole, but is damaged", e);
    }
    // Besides the lists, the message has a name, the number of inputs, and the outputs.
    require("records", records, (long) LISTS * ops + LISTS, "a file");
  }

  /**
   * Checks a model.
   *
   * @throws IllegalArgumentException if it exceeds the limits
   */
  void check(IntegerModel model) {
    String what = "model " + model.name();
    require("ops", model.ops().size(), ops, what);
    require("inputs", model.inputs().size(), ops, what);
    require("products for each example", WorkEstimate.of(model), products, what);
    long codes = MemoryPlan.of(model, IntegerTensor::size).size();
    Set<Kernel> kernels = new HashSet<>();
    for (WeightedOp layer : model.layers()) {
      codes += kernels.add(layer.kernel()) ? 0 : layer.kernel().codes().size();
    }
    require("bytes of memory", codes * Integer.BYTES, memory, what);
  }

  private static void require(String things, long count, long limit, String what) {
    if (count > limit) {
      throw new IllegalArgumentException(
          "%s must have at most %d %s, but has %d; %s"
              .formatted(what, limit, things, count, REMEDY));
    }
  }
}
