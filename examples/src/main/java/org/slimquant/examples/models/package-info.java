/** Models as a user writes them: plain TensorFlow Java, with annotated layer methods. */
@NullMarked
package org.slimquant.examples.models;

import org.jspecify.annotations.NullMarked;
