package org.slimquant.processor.writing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.palantir.javapoet.FieldSpec;

/**
 * The constants that the override of a layer reads.
 *
 * @param layer the constant with the formats of kernel and output
 * @param inputs the constant of each quantized input, by the input's name
 */
record LayerConstants(FieldSpec layer, ImmutableMap<String, FieldSpec> inputs) {

  /** Returns the constants in the order in which they are written. */
  ImmutableList<FieldSpec> inOrder() {
    return ImmutableList.<FieldSpec>builder().add(layer).addAll(inputs.values()).build();
  }
}
