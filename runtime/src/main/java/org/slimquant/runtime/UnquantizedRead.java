package org.slimquant.runtime;

/**
 * An edge by which a quantized tensor is read around its fake quant.
 *
 * @param site the name of the fake quant: {@code conv1/SlimQuant/output}
 * @param tensor the name of the tensor: {@code Relu:0}
 * @param reader the name of the op that reads it raw
 * @param input the input of that op, from 0
 */
public record UnquantizedRead(String site, String tensor, String reader, int input)
    implements Finding {

  /** Returns the edge as a sentence. */
  @Override
  public String toString() {
    return "input %d of %s must read %s, but reads %s".formatted(input, reader, site, tensor);
  }
}
