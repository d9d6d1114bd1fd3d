/** Which channel of one source is to be compared with which of the other. Names of the house and of OpenSim meet under one key. */

import { MsdtError, type SignalChannel, type Signals } from '../../model/index.ts';

/** Two channels that should say the same. */
export interface ChannelPair {
  name: string;
  first: SignalChannel;
  second: SignalChannel;
  /** −1 where the first or the second counts the other way */
  signs: readonly [first: 1 | -1, second: 1 | -1];
  side?: 'left' | 'right';
}

/** Names that OpenSim's models give, and whether they count the other way. */
const OPENSIM: Record<string, readonly [key: string, sign: 1 | -1]> = {
  pelvis_tilt: ['pelvis.tilt', -1],
  pelvis_list: ['pelvis.obliquity', 1],
  pelvis_rotation: ['pelvis.rotation', 1],
  lumbar_extension: ['lumbar.flexion', -1],
  lumbar_bending: ['lumbar.lateral', 1],
  lumbar_rotation: ['lumbar.rotation', 1],
  hip_flexion: ['hip.flexion', 1],
  hip_adduction: ['hip.adduction', 1],
  hip_rotation: ['hip.rotation', 1],
  knee_angle: ['knee.flexion', 1],
  ankle_angle: ['ankle.dorsiflexion', 1],
  elbow_flex: ['elbow.flexion', 1],
};

/**
 * Name of an angle in the words of the house, and the sign it comes with.
 * @example angleKey('hip_flexion_r') // { key: 'hip.flexion.right', sign: 1 }
 * @example angleKey('knee.flexion.left (ZXY 1 of 3, + flexion)') // { key: 'knee.flexion.left', sign: 1 }
 */
export function angleKey(name: string): { key: string; sign: 1 | -1 } {
  const plain = name.split(/ [([]/)[0].trim();
  const side = /_(l|r)$/.exec(plain)?.[1];
  const stem = side ? plain.slice(0, -2) : plain;
  if (!Object.hasOwn(OPENSIM, stem)) return { key: plain.toLowerCase().replaceAll(' ', '.'), sign: 1 };
  const [key, sign] = OPENSIM[stem];
  return { key: side ? `${key}.${side === 'l' ? 'left' : 'right'}` : key, sign };
}

/**
 * Pairs the channels of two sources: as asked, else by name, else the only two of one quantity.
 *
 * @param asked - "knee.flexion.right=knee_angle_r; lumbar.flexion=-lumbar_extension"; empty for all of the same name
 * @throws MsdtError `labels.unknown` nothing to pair · `parameter.invalid` a name that is not there
 */
export function pairChannels(first: Signals, second: Signals, asked: string): ChannelPair[] {
  const pairs = asked.trim() === '' ? byName(first, second) : asFound(first, second, asked);
  if (pairs.length === 0) {
    const names = ({ channels }: Signals) =>
      channels
        .slice(0, 20)
        .map(({ name }) => name)
        .join(', ');
    throw new MsdtError('labels.unknown', 'No channel of one source has the name of one of the other', {
      detail: `first: ${names(first)}; second: ${names(second)}`.slice(0, 800),
      hint: 'Say which belong together with the parameter pairs, e.g. "knee.flexion.right=knee_angle_r".',
    });
  }
  return pairs;
}

function byName(first: Signals, second: Signals): ChannelPair[] {
  const others = second.channels.map((channel) => ({ channel, ...angleKey(channel.name) }));
  const pairs = first.channels.flatMap((channel): ChannelPair[] => {
    const { key, sign } = angleKey(channel.name);
    const other = others.find((one) => one.key === key && one.channel.quantity === channel.quantity);
    return other ? [pairOf(key, channel, other.channel, [sign, other.sign])] : [];
  });
  if (pairs.length) return pairs;
  const [one, two] = [first.channels, second.channels];
  return one.length === 1 && two.length === 1 && one[0].quantity === two[0].quantity
    ? [pairOf(angleKey(one[0].name).key, one[0], two[0], [1, 1])]
    : [];
}

function asFound(first: Signals, second: Signals, asked: string): ChannelPair[] {
  return asked
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      const [left, right] = at < 0 ? [part, part] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
      const minus = right.startsWith('-');
      const [a, b] = [find(first, left, 'first'), find(second, minus ? right.slice(1).trim() : right, 'second')];
      return pairOf(angleKey(a.name).key, a, b, [1, minus ? -1 : 1]);
    });
}

function find(signals: Signals, name: string, which: string): SignalChannel {
  const exact = signals.channels.find((channel) => channel.name === name || channel.name.split(/ [([]/)[0] === name);
  const found = exact ?? signals.channels.find((channel) => angleKey(channel.name).key === angleKey(name).key);
  if (!found) {
    throw new MsdtError('parameter.invalid', `The ${which} source has no channel "${name}"`, {
      detail: `channels: ${signals.channels.map((channel) => channel.name).join(', ')}`.slice(0, 600),
      hint: 'Use one of these names on that side of the pair.',
    });
  }
  return found;
}

function pairOf(name: string, first: SignalChannel, second: SignalChannel, signs: ChannelPair['signs']): ChannelPair {
  const side = first.side ?? second.side;
  return { name, first, second, signs, ...(side ? { side } : {}) };
}
