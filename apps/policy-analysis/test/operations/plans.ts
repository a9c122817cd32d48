/**
 * Two short plans of our own, the same in English and Spanish.
 *
 * @module
 */
import type { MadeParagraph } from "../rank/made-document.ts";

const plan = (text: string): readonly MadeParagraph[] =>
  text
    .trim()
    .split("\n\n")
    .map((block) =>
      block.startsWith("# ")
        ? { text: block.slice(2), kind: "heading" as const }
        : { text: block.replaceAll("\n", " ") },
    );

export const PLAN_EN = plan(`
# Health

According to the 2022 health survey, 31 % of adults live more than an hour away from a hospital. The department
has a shortage of nurses, and its health information system holds incomplete data.

A budget of 40 million euros is allocated to primary care between 2025 and 2028, half of it from the national budget.
The Ministry of Health is responsible for the health programme, together with the regional governments. Under the
Public Health Act 2011 every patient is entitled to treatment.

The programme will train 300 nurses and open 12 clinics for patients in rural districts by 2027. Works will start in
March 2025. Each clinic costs 1.5 million euros. Monitoring uses health indicators that are published in an annual report.

By 2030 the health plan aims to reduce maternal mortality from 48 in 2022 to 30 per 100,000 live births. The main risk
is the lack of doctors; a reserve fund will mitigate it.

Long health distances lead to late diagnosis, because patients wait until they are very ill. A study by the
university found that mobile clinics reduce the risk of late diagnosis by 20 %.

# Housing

Housing costs have risen. No budget has been assigned to affordable housing, and no target has been set.

The mayor visited the housing exhibition in 2019, and many families came.
`);

export const PLAN_ES = plan(`
# Salud

Según la encuesta de salud de 2022, el 31 % de los adultos vive a más de una hora de un hospital. El departamento
tiene escasez de enfermeras y su sistema de información en salud contiene datos incompletos.

Se asigna a la atención primaria en salud un presupuesto de 40 millones de euros entre 2025 y 2028, la mitad con recursos
del presupuesto nacional. El Ministerio de Salud es responsable del programa, junto con los gobiernos regionales. De
conformidad con la Ley 1751 de 2015, todo paciente tiene derecho al tratamiento.

El programa de salud capacitará a 300 enfermeras y abrirá 12 centros de salud para pacientes de zonas rurales en 2027. Las obras
comenzarán en marzo de 2025. Cada centro de salud cuesta 1,5 millones de euros. El seguimiento usa indicadores que se publican en
un informe anual.

Para 2030 el plan de salud busca reducir la mortalidad materna de 48 en 2022 a 30 por cada 100.000 nacidos vivos. El
principal riesgo es la falta de médicos; un fondo de reserva permitirá mitigarlo.

Las largas distancias conducen a diagnósticos tardíos en salud, porque los pacientes esperan hasta estar muy enfermos. Un
estudio de la universidad encontró que las unidades móviles reducen el riesgo de diagnóstico tardío en un 20 %.

# Vivienda

El costo de la vivienda ha subido. No se ha asignado presupuesto a la vivienda social y no se ha fijado una meta.

El alcalde visitó la exposición de vivienda en 2019 y asistieron muchas familias.
`);
