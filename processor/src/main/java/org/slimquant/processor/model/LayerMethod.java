package org.slimquant.processor.model;

import com.palantir.javapoet.TypeName;
import javax.lang.model.element.ExecutableElement;

/**
 * A layer method with its name, type and formats.
 *
 * @param element the method in the source
 * @param name the method's name, and the layer's in the graph
 * @param type the return type with its type annotations
 * @param formats the formats of kernel and output
 */
public record LayerMethod(
    ExecutableElement element,
    String name,
    TypeName type,
    Signature signature,
    LayerFormats formats) {}
