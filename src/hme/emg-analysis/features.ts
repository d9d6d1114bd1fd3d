/** What the capability's numbers mean. */

import type { FeatureDefinition, Unit } from '../../model/index.ts';

const MERLETTI = 'Merletti & Farina 2016, Surface Electromyography';
const CLEAN =
  'Of the cleaned signal: lost packets masked, heart and hum taken out where found, band-pass 20-450 Hz without phase.';
const SLOPE =
  'Straight line of least squares through windows of one second whose RMS is above half of the median; 90 % interval from 1000 resamplings of the windows. Repeats of such tests differ widely (ICC 0.46-0.67 over two weeks), so one slope alone decides nothing.';

const CLASSIC =
  'For comparison with other programs: windows side by side, first bin at which half of the power of the band-passed signal is reached, without correction for the band-pass (1 to 3 Hz higher than the median frequency told beside it).';

function define(id: string, name: string, unit: Unit, definition: string, source: string): FeatureDefinition {
  return { id: `emg.${id}`, name, unit, scale: 'macro', definition, source };
}

/** Dictionary of muscle activity. */
export const EMG_FEATURES: readonly FeatureDefinition[] = [
  define('rms', 'RMS', 'uV', `Root of the mean square. ${CLEAN}`, MERLETTI),
  define('arv', 'Average rectified value (ARV)', 'uV', `Mean of the absolute values. ${CLEAN}`, MERLETTI),
  define('iemg', 'Integrated EMG (IEMG)', 'uV.s', `Integral of the absolute values over time. ${CLEAN}`, MERLETTI),
  define('peakRms', 'Peak RMS', 'uV', `Largest RMS of windows of 250 ms, half overlapping. ${CLEAN}`, MERLETTI),
  define(
    'rmsNormalised',
    'RMS in percent of the reference contraction',
    '%',
    'RMS over the largest RMS of 500 ms in the reference recording (maximal voluntary contraction, MVC) of the same electrode, both cleaned alike.',
    'Burden 2010; SENIAM',
  ),
  define(
    'peakRmsNormalised',
    'Peak RMS in percent of the reference contraction',
    '%',
    'Largest RMS of 250 ms over the largest RMS of 500 ms in the reference recording of the same electrode, both cleaned alike.',
    'Burden 2010; SENIAM',
  ),
  define(
    'medianFrequency',
    'Median frequency (MF)',
    'Hz',
    'Frequency below which half of the power between 20 and 450 Hz lies, of the mean spectrum of windows of one second, Hann, half overlapping, the band-pass divided out. Some texts call the mean frequency MF; here MF is the median and MPF the mean.',
    'Stulen & De Luca 1981',
  ),
  define(
    'meanPowerFrequency',
    'Mean power frequency (MPF)',
    'Hz',
    'Mean of the frequencies between 20 and 450 Hz, weighted by power, of the mean spectrum of windows of one second, Hann, half overlapping, the band-pass divided out.',
    'Stulen & De Luca 1981',
  ),
  define(
    'recordedRms',
    'RMS of the recording as it came',
    'uV',
    'Root of the mean square of all samples of the file, without filter and with its offset: for comparison with other programs.',
    'PLUX biosignalsnotebooks, EMG parameters',
  ),
  define(
    'recordedMedianFrequency',
    'Median frequency of the recording as it came',
    'Hz',
    'First frequency at which half of the area under the spectrum of the unfiltered file is reached: Welch, Hann windows of 256 samples side by side, trapezoids. For comparison with other programs.',
    'PLUX biosignalsnotebooks, EMG parameters',
  ),
  define(
    'classicMedianFrequencyStart',
    'Median frequency at the start, usual script',
    'Hz',
    `Mean over the first ten active windows of a second. ${CLASSIC}`,
    'De Luca 1997',
  ),
  define(
    'classicMedianFrequencyEnd',
    'Median frequency at the end, usual script',
    'Hz',
    `Mean over the last ten active windows of a second. ${CLASSIC}`,
    'De Luca 1997',
  ),
  define(
    'classicMedianFrequencySlope',
    'Slope of the median frequency, usual script',
    'Hz/s',
    `Straight line through the active windows of a second. ${CLASSIC}`,
    'De Luca 1997',
  ),
  define(
    'baselineRms',
    'Baseline RMS',
    'uV',
    `RMS of the quietest second. Noise of skin and amplifier where the muscle rests in it. ${CLEAN}`,
    'Hodges & Bui 1996',
  ),
  define(
    'burstCount',
    'Number of bursts',
    '{count}',
    'Stretches in which the absolute value, smoothed over 50 ms, stays above rest plus three standard deviations, and above 10 % of the loud level (99 % of the time quieter), for 50 ms or longer and reaches 30 % of it; pauses below 100 ms are closed.',
    'Hodges & Bui 1996',
  ),
  define(
    'burstDuration',
    'Mean duration of bursts',
    's',
    'Mean time from onset to offset of the bursts of the recording.',
    'Hodges & Bui 1996',
  ),
  define('activeShare', 'Time active', '%', 'Share of the recording that lies within bursts.', 'Hodges & Bui 1996'),
  define(
    'medianFrequencyStart',
    'Median frequency at the start',
    'Hz',
    'Mean of the median frequencies of the first ten seconds of activity: twenty windows of one second, half overlapping (half of all where there are fewer than forty).',
    'Merletti, Knaflitz & De Luca 1990',
  ),
  define(
    'medianFrequencyEnd',
    'Median frequency at the end',
    'Hz',
    'Mean of the median frequencies of the last ten seconds of activity: twenty windows of one second, half overlapping (half of all where there are fewer than forty).',
    'Merletti, Knaflitz & De Luca 1990',
  ),
  define(
    'medianFrequencySlope',
    'Slope of the median frequency',
    'Hz/s',
    `How fast the median frequency changes; negative in fatigue. ${SLOPE}`,
    'Merletti, Knaflitz & De Luca 1990',
  ),
  define(
    'medianFrequencySlopeNormalised',
    'Fatigue slope (median frequency)',
    '%/s',
    `Slope of the median frequency over its value at the start on the same line. ${SLOPE}`,
    'Müller, Strässle & Wirth 2010 (Ito test)',
  ),
  define(
    'meanPowerFrequencySlopeNormalised',
    'Fatigue slope (mean power frequency)',
    '%/s',
    `Slope of the mean power frequency over its value at the start on the same line. ${SLOPE}`,
    'Merletti, Knaflitz & De Luca 1990',
  ),
  define(
    'rmsSlopeNormalised',
    'Slope of the amplitude',
    '%/s',
    `Slope of the RMS over its value at the start on the same line. ${SLOPE}`,
    'Merletti, Knaflitz & De Luca 1990',
  ),
  define(
    'jasa',
    'Joint analysis of spectrum and amplitude',
    '1',
    'Fatigue: amplitude up, median frequency down. Force increase: both up. Recovery: amplitude down, frequency up. Force decrease: both down.',
    'Luttmann, Jäger & Laurig 2000',
  ),
  define(
    'asymmetry',
    'Asymmetry',
    '%',
    '100 (right - left) / (right + left) of the RMS of two electrodes at one place; positive where the right side works more. Its clinical relevance is not established.',
    'Oddsson & De Luca 2003',
  ),
  define(
    'levelRatio',
    'Ratio of L2 to L4',
    '1',
    'RMS at L2 over RMS at L4 of one side: how work is shared along the erector spinae.',
    'Sanderson et al. 2019 (cranial shift in low back pain)',
  ),
  define(
    'coContraction',
    'Co-contraction',
    '%',
    'Twice the common part of two envelopes over their sum, each in percent of its reference contraction, or of its own loudest (95 %) where there is none. Of two sides or of opposed muscles.',
    'Falconer & Winter 1985',
  ),
  define(
    'flexionRelaxationRatio',
    'Flexion-relaxation ratio (FRR)',
    '1',
    'Largest RMS while bending forward over the mean RMS in full flexion, mean over the bends. High where the muscle falls silent.',
    'Watson et al. 1997',
  ),
  define(
    'flexionExtensionRatio',
    'Flexion-extension ratio (FER)',
    '1',
    'Largest RMS while bending forward over the largest RMS while coming up, mean over the bends.',
    'Watson et al. 1997',
  ),
  define(
    'effortPerDegree',
    'Effort per degree of movement',
    'uV.s/deg',
    "IEMG over the way of the trunk's angle, up and down: how much activity a degree costs.",
    'Own measure, after the paper: high effort with little movement',
  ),
  define(
    'effortWithoutMovement',
    'Effort without movement',
    '%',
    'Share of the IEMG that was spent while the trunk moved slower than 5 deg/s.',
    'Own measure, after the paper: high effort with little movement',
  ),
];
