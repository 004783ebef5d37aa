package org.slimquant.processor.writing;

import com.palantir.javapoet.ClassName;

/** The classes of the runtime that generated code names. The processor does not load them. */
final class RuntimeTypes {

  private static final String PACKAGE = "org.slimquant.runtime";

  static final ClassName GRAPH_QUANTIZER = ClassName.get(PACKAGE, "GraphQuantizer");
  static final ClassName OPERAND_GROUP = ClassName.get(PACKAGE, "OperandGroup");
  static final ClassName QUANTIZED_INPUT = ClassName.get(PACKAGE, "QuantizedInput");
  static final ClassName QUANTIZED_INPUTS = ClassName.get(PACKAGE, "QuantizedInputs");
  static final ClassName QUANTIZED_OUTPUT = ClassName.get(PACKAGE, "QuantizedOutput");
  static final ClassName QUANTIZED_LAYER = ClassName.get(PACKAGE, "QuantizedLayer");

  private RuntimeTypes() {}
}
