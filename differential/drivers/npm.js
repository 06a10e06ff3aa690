// Says what mailauth makes of policies, records and names: a line of JSON for each line of JSON, the release first. The
// library does all of it itself, but DNS and HTTPS give what the line says.

import { Buffer } from 'node:buffer';
import { EventEmitter } from 'node:events';
import https from 'node:https';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

const require = createRequire(import.meta.url);
const { fetchPolicy, resolvePolicy, validateMx } = require('mailauth/lib/mta-sts');

const bytes = given => (typeof given === 'string' ? Buffer.from(given) : Buffer.from(given.hex, 'hex'));

// What the library throws on purpose has a code.
const refused = error => {
    if (!error.code) {
        throw error;
    }
    return error.code;
};

const policy = async line => {
    https.request = (options, answered) => {
        const request = new EventEmitter();
        request.end = () => {
            const response = Readable.from([bytes(line.policy)]);
            response.statusCode = line.status ?? 200;
            answered(response);
        };
        return request;
    };
    try {
        const { mode, mx = [], maxAge } = await fetchPolicy('example.com', { resolver: async () => ['192.0.2.1'] });
        // A lifetime may have a fraction, which no model has.
        return { accepted: { mode, mx, max_age: Math.floor(maxAge) } };
    } catch (error) {
        return { rejected: refused(error) };
    }
};

const records = async line => {
    const texts = line.records.map(record => [bytes(record).toString()]);
    try {
        const id = await resolvePolicy('example.com', { resolver: async () => texts });
        // Half a character is no text.
        return id === false ? { nothing: 'false' } : { found: id.toWellFormed() };
    } catch (error) {
        return { nothing: refused(error) };
    }
};

const matches = line => ({ match: validateMx(line.name, { mode: 'enforce', mx: [line.pattern] }).valid });

const say = said => process.stdout.write(`${JSON.stringify(said)}\n`);

say({ version: require('mailauth/package.json').version });
for await (const text of createInterface({ input: process.stdin })) {
    const line = JSON.parse(text);
    if ('policy' in line) {
        say(await policy(line));
    } else {
        say('records' in line ? await records(line) : matches(line));
    }
}
